import type { Schema } from './schema.ts';
import { fromText } from './text-schema.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** RFC 6749 appendix A: what a client id and a client secret are made of. */
const VISIBLE_CHARACTERS = /^[\x20-\x7e]+$/;
/** What examples have in the place of a value: `<client secret>`. */
const PLACEHOLDER = /^(?:<[^<>]*>|\{[^{}]*\})$/;
/** RFC 6749 appendix A.4. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const DISPLAY_NAME_CHARACTERS_MAX = 64;
/** Asked for at every sign-in, whatever the setting says. */
const SCOPES_ALWAYS_ASKED_FOR = new Set(['openid', 'profile', 'offline_access']);

/** Visible ASCII characters, as RFC 6749 has it for client ids and client secrets. */
export const visibleText: Schema<string> = fromText((text, refuse) => {
  if (!VISIBLE_CHARACTERS.test(text)) refuse('holds a character that is not visible ASCII (RFC 6749 appendix A)');
  if (PLACEHOLDER.test(text)) refuse('is a placeholder that is to be filled in');
  return text;
});

/** A name for people to read, on one line. */
export const displayName: Schema<string> = fromText((text, refuse) => {
  if (text.length > DISPLAY_NAME_CHARACTERS_MAX || /\p{Cc}/u.test(text)) {
    refuse(`must be at most ${DISPLAY_NAME_CHARACTERS_MAX} characters on one line`);
  }
  return text;
});

export function isGuid(text: string): boolean {
  return GUID.test(text.toLowerCase());
}

/** A GUID, in lower case as Entra's tokens have it. */
export const guid: Schema<string> = fromText((text, refuse) => {
  const lower = text.toLowerCase();
  if (!GUID.test(lower)) refuse('is not a GUID');
  return lower;
});

/** GUIDs with commas between them, in lower case, each once. */
export const guids: Schema<readonly string[]> = fromText((text, refuse) => {
  if (text === '') return [];
  const each = text.split(',').map((part) => part.trim().toLowerCase());
  each.forEach((part, index) => {
    if (!GUID.test(part)) refuse(`entry ${index + 1} is not a GUID`);
  });
  return [...new Set(each)];
});

/** One scope. */
export const scopeToken: Schema<string> = fromText((text, refuse) => {
  if (!SCOPE_TOKEN.test(text)) refuse('is not a scope (RFC 6749 section 3.3)');
  return text;
});

/** Scopes with spaces between them, each once, without those that a sign-in asks for anyway. */
export const signinScopes: Schema<readonly string[]> = fromText((text, refuse) => {
  const scopes = text.split(' ').filter((scope) => scope !== '');
  scopes.forEach((scope, index) => {
    if (!SCOPE_TOKEN.test(scope)) refuse(`entry ${index + 1} is not a scope (RFC 6749 section 3.3)`);
  });
  return [...new Set(scopes)].filter((scope) => !SCOPES_ALWAYS_ASKED_FOR.has(scope));
});
