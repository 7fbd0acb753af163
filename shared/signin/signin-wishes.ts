import { single } from '../http/message.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { SigninHints } from '../oidc/authorization-url.ts';
import { claimsJson, parseClaimsRequest } from '../oidc/claims-request.ts';
import type { DownstreamApi, StepUp } from '../settings/settings.ts';
import { acrsOf, parseMaxAge } from '../settings/step-up.ts';
import type { SigninWishes } from './begin.ts';
import { parseReturnTo } from './return-to.ts';

const PROMPTS = ['login', 'select_account', 'consent', 'none', 'create'] as const;
const HINT_CHARACTERS_MAX = 512;
const CLAIMS_CHARACTERS_MAX = 2_048;

/** The query of `/auth/signin`, each parameter parsed to what it may be and nothing else passed on. */
export function parseSigninWishes(
  parameters: URLSearchParams,
  apis: ReadonlyMap<string, DownstreamApi>,
): SigninWishes | ProblemCode {
  const text = (name: string, charactersMax: number): string | null | undefined => {
    const value = single(parameters, name);
    if (value === null || (value?.length ?? 0) > charactersMax) return undefined;
    return value || null;
  };
  const returnTo = parseReturnTo(single(parameters, 'returnTo') ?? (parameters.has('returnTo') ? '' : '/'));
  if (returnTo === null) return 'return_to_invalid';
  const prompt = text('prompt', HINT_CHARACTERS_MAX);
  const loginHint = text('loginHint', HINT_CHARACTERS_MAX);
  const domainHint = text('domainHint', HINT_CHARACTERS_MAX);
  const claims = text('claims', CLAIMS_CHARACTERS_MAX);
  const apiName = text('api', HINT_CHARACTERS_MAX);
  const acrs = text('acrs', HINT_CHARACTERS_MAX);
  const maxAge = text('maxAge', HINT_CHARACTERS_MAX);
  if ([prompt, loginHint, domainHint, claims, apiName, acrs, maxAge].includes(undefined))
    return 'signin_parameter_invalid';
  if (prompt && !isPrompt(prompt)) return 'signin_parameter_invalid';
  const request = claims ? parseClaimsRequest(claims) : null;
  if (claims && request === null) return 'signin_parameter_invalid';
  const api = apiName ? apis.get(apiName) : undefined;
  if (apiName && !api) return 'signin_parameter_invalid';
  const stepUp = parseStepUp(acrs ?? null, maxAge ?? null, acrsOf(apis.values()));
  if (stepUp === 'malformed') return 'signin_parameter_invalid';
  const hints: SigninHints = {
    prompt: prompt && isPrompt(prompt) ? prompt : null,
    loginHint: loginHint ?? null,
    domainHint: domainHint ?? null,
    claims: request && claimsJson(request),
  };
  return { returnTo, hints, ...(api && { api: api.name }), ...(stepUp && { stepUp }) };
}

/**
 * What the sign-in has to prove.
 *
 * @param known what APIs here ask for: a link must not have an OP ask people for anything else
 */
function parseStepUp(
  acrs: string | null,
  maxAge: string | null,
  known: ReadonlySet<string>,
): StepUp | 'malformed' | null {
  const each = [...new Set(acrs?.split(' '))];
  if (!each.every((acr) => known.has(acr))) return 'malformed';
  const maxAgeSeconds = maxAge === null ? null : parseMaxAge(maxAge);
  if (maxAge !== null && maxAgeSeconds === null) return 'malformed';
  return each.length === 0 && maxAgeSeconds === null ? null : { acrs: each, maxAgeSeconds };
}

function isPrompt(value: string): value is (typeof PROMPTS)[number] {
  return (PROMPTS as readonly string[]).includes(value);
}
