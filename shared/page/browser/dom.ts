/** The element that the shell is known to have; its absence is a bug of the shell. */
export function find<E extends HTMLElement = HTMLElement>(selector: string, root: ParentNode = document): E {
  const element = root.querySelector<E>(selector);
  if (element === null) throw new Error(selector);
  return element;
}

/** Says something to those who do not see the page change. An empty text takes back what was said before. */
export function announce(text: string): void {
  find('#announcer').textContent = text;
}
