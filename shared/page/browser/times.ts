import { setText } from './dom.ts';

const format = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
});

/** Shows a time as people of this browser's language write it. @param iso in ISO 8601 */
export function showTime(element: HTMLTimeElement, iso: string): void {
  setText(element, format.format(new Date(iso)));
  element.dateTime = iso;
}
