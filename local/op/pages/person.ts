import type { User } from '../types.ts';
import { escapeHtml } from './layout.ts';

const FACES = 3;

/** A test user as the pages show them: initials on a colour of their own, name, user principal name. */
export function person({ name, upn }: User, index: number): string {
  const initials = name.replace(/\B\w+|\W/g, '');
  return `<span class="face face-${index % FACES}" aria-hidden="true">${escapeHtml(initials)}</span>
<span class="who"><b>${escapeHtml(name)}</b><small>${escapeHtml(upn)}</small></span>`;
}
