/** Not exported, so that no other module, and no parsed JSON, can pass text off as markup. */
const MARKUP = Symbol('markup');

/** Markup in which everything interpolated has been escaped. */
export interface Html {
  readonly [MARKUP]: string;
}

export type Interpolated = string | number | Html | readonly Interpolated[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A tagged template that escapes what is interpolated, for text and for quoted attribute values alike. Nested `Html` goes
 * in as it is, a list piece by piece.
 */
export function html(markup: TemplateStringsArray, ...values: readonly Interpolated[]): Html {
  const [first = '', ...rest] = markup;
  return { [MARKUP]: rest.reduce((text, piece, index) => text + render(values[index] ?? '') + piece, first) };
}

/** The markup itself, for the wire. */
export function serialize(page: Html): string {
  return page[MARKUP];
}

function render(value: Interpolated): string {
  if (typeof value === 'string') return value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
  if (typeof value === 'number') return String(value);
  return MARKUP in value ? value[MARKUP] : value.map(render).join('');
}
