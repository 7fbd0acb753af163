/**
 * Whether whoever asks would rather read a page than a problem document: they name HTML, as browsers do, and rank no JSON above it.
 * `*` in the place of a name is a program's.
 *
 * @param accept the header of that name
 * @see RFC 9110 sections 12.4.2 and 12.5.1
 */
export function prefersHtml(accept: string): boolean {
  const ranges = accept.toLowerCase().split(',').map(readRange);
  const weightOf = (mediaType: string): number => ranges.find((range) => range.mediaType === mediaType)?.weight ?? 0;
  const html = weightOf('text/html');
  return html > 0 && html >= weightOf('application/json') && html >= weightOf('application/problem+json');
}

/** What has no weight that is a number counts for nothing. */
function readRange(range: string): { readonly mediaType: string; readonly weight: number } {
  const [mediaType = '', ...parameters] = range.split(';').map((part) => part.trim());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length) ?? '1';
  return { mediaType, weight: Number(weight) || 0 };
}
