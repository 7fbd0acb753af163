import type { Schema } from './schema.ts';
import { fromText } from './text-schema.ts';

/** RFC 9110 section 5.1, in lower case. */
const FIELD_NAME = /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/;

/** Of one connection, never of what travels over it (RFC 9110 section 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Ours to keep; the browser's and the platform's word about the caller, which an API could take for ours; and what asks for
 * another method or path than was checked.
 */
const NEVER_SENT =
  /^(?:authorization|cookie|host|origin|referer|expect|forwarded|x-forwarded|via|client-ip|true-client-ip|x-real-ip|disguised-host|x-csrf|x-(?:http-)?method(?:-override)?|(?:proxy|sec|x-forwarded|x-original|x-rewrite|x-ms|x-arr|x-waws|x-client|x-site|was|x-azure|x-appservice|access-control)-.*)$/;

/**
 * What speaks for this origin and not for the content, often for longer than the answer lasts: an API's cookie could take the
 * place of our own, its `Alt-Svc` lead the browser to another server, its `NEL` have our visits reported.
 */
const NEVER_BROUGHT_BACK =
  /^(?:set-cookie2?|set-login|location|www-authenticate|clear-site-data|service-worker-allowed|strict-transport-security|cache-control|expires|refresh|content-security-policy.*|x-frame-options|x-content-type-options|alt-svc|nel|report-to|reporting-endpoints|accept-ch|critical-ch|permissions-policy|origin-agent-cluster|public-key-pins.*|expect-ct|speculation-rules|use-as-dictionary|sec-.*|secure-session-.*|cross-origin-.*|access-control-.*|proxy-.*)$/;

const fieldName = (never: RegExp): Schema<string> =>
  fromText((text, refuse) => {
    const name = text.toLowerCase();
    if (!FIELD_NAME.test(name)) refuse('must be the name of a header');
    else if (HOP_BY_HOP.includes(name) || never.test(name)) refuse('is a header that is never let through');
    return name;
  });

/** The name of a header that may travel to an API besides the usual ones, in lower case. */
export const requestHeader = fieldName(NEVER_SENT);
/** The name of a header that may travel back. */
export const responseHeader = fieldName(NEVER_BROUGHT_BACK);
