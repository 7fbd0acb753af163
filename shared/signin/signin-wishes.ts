import { single } from '../http/message.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { SigninHints } from '../oidc/authorization-url.ts';
import { claimsJson, parseClaimsRequest } from '../oidc/claims-request.ts';
import type { DownstreamApi } from '../settings/settings.ts';
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
  if ([prompt, loginHint, domainHint, claims, apiName].includes(undefined)) return 'signin_parameter_invalid';
  if (prompt && !isPrompt(prompt)) return 'signin_parameter_invalid';
  const request = claims ? parseClaimsRequest(claims) : null;
  if (claims && request === null) return 'signin_parameter_invalid';
  const api = apiName ? apis.get(apiName) : undefined;
  if (apiName && !api) return 'signin_parameter_invalid';
  const hints: SigninHints = {
    prompt: prompt && isPrompt(prompt) ? prompt : null,
    loginHint: loginHint ?? null,
    domainHint: domainHint ?? null,
    claims: request && claimsJson(request),
  };
  return { returnTo, hints, apiScopes: api?.scopes ?? [] };
}

function isPrompt(value: string): value is (typeof PROMPTS)[number] {
  return (PROMPTS as readonly string[]).includes(value);
}
