const format = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

/** Shows a time as people of this browser's language write it. @param iso in ISO 8601 */
export function showTime(element: HTMLTimeElement, iso: string): void {
  const text = format.format(new Date(iso));
  // Untouched while it is the same: a selection survives the next check.
  if (element.textContent !== text) element.textContent = text;
  element.dateTime = iso;
}
