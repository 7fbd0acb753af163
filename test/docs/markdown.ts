import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';

/** A link as it stands in a document, images too. */
export interface Link {
  readonly text: string;
  readonly target: string;
}

/** The documents of the repository: those that git has, or would take. */
export function documents(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md']);
  return listed
    .toString()
    .split('\0')
    .filter((path) => path !== '');
}

/** The text without blocks of code, in which brackets are no links and `#` begins no heading. */
const prose = (markdown: string): string => markdown.replaceAll(/^ *(```+)[^\n]*\n[\s\S]*?^ *\1$/gm, '');

/** All inline links; one in code that stands in a line is none. Reference links are not used here. */
export function linksOf(markdown: string): readonly Link[] {
  const found = prose(markdown).matchAll(
    /(?<code>(`+)(?:(?!\2).)+\2)|\[(?<text>(?:`[^`]*`|[^\]`])*)\]\((?<target>[^)\s]+)\)/g,
  );
  return [...found].flatMap(({ groups }) => {
    const { text = '', target } = groups ?? {};
    return target === undefined ? [] : [{ text, target }];
  });
}

/** What can be linked to in a document: as GitHub makes anchors of headings, and the `id`s that it names itself. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(markdown).matchAll(/^#{1,6} +(.+?)(?: +#+)?$/gm)) {
    const base = anchorOf(heading);
    let anchor = base;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${base}-${again}`;
    anchors.add(anchor);
  }
  for (const [, id = ''] of markdown.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
  return anchors;
}

/** Of a heading as it is shown: letters, digits, `-` and `_` stay, in lower case, and a space is a `-`. */
function anchorOf(heading: string): string {
  const shown = heading.replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
  return shown
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** Where a relative link leads, from the top of the repository; null for one that leads elsewhere (`https:`, `mailto:`). */
export function destination(
  document: string,
  target: string,
): { readonly path: string; readonly anchor: string } | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return null;
  const [to = '', anchor = ''] = target.split('#', 2);
  const path = to === '' ? document : posix.normalize(posix.join(dirname(document), decodeURIComponent(to)));
  return { path, anchor: decodeURIComponent(anchor) };
}

export const read = (path: string): string => readFileSync(path, 'utf8');
