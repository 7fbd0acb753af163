/**
 * The script of the page that leads on to the OP's sign-out: sends its form. It runs before the page has loaded, so that the
 * browser keeps no history entry of it (HTML, form submission); and what the form carried leaves the page, so that one kept
 * for the back button has no token in it. The button stays, for an OP that did not answer.
 */
const form = document.querySelector('form');
form?.submit();
for (const input of document.querySelectorAll('input')) input.remove();

export {};
