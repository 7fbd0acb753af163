const BEGIN = '<!-- as printed: begin -->';
const END = '<!-- as printed: end -->';

/**
 * Puts what was printed into a document, in the place of what was printed before.
 *
 * @throws Error where the document has no such place
 */
export function putInto(document: string, printed: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document has no ${BEGIN} … ${END}`);
  return `${document.slice(0, begin)}${BEGIN}\n\n\`\`\`text\n${printed}\n\`\`\`\n\n${document.slice(end)}`;
}
