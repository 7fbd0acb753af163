/**
 * Puts tables into a document, each between the marks that bear its name, in place of what was there.
 *
 * @throws Error where the document has no such place
 */
export function putTables(document: string, tables: ReadonlyMap<string, string>): string {
  let text = document;
  for (const [name, table] of tables) {
    const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the document has no ${begin} … ${end}`);
    text = `${text.slice(0, from)}${begin}\n${table}\n${text.slice(to)}`;
  }
  return text;
}
