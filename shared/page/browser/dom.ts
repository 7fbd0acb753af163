/** The element that the shell is known to have; its absence is a bug of the shell. */
export function find<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): E {
  const element = root.querySelector<E>(selector);
  if (element === null) throw new Error(selector);
  return element;
}

/** Untouched while it is the same: a selection survives the next check. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Says something to those who do not see the page change. An empty text takes back what was said before. */
export function announce(text: string): void {
  find('#announcer').textContent = text;
}
