import * as z from 'zod/mini';
import { isLoopbackHost } from '../settings/origin.ts';
import { boundedText } from './bounded-text.ts';

const METADATA_DEADLINE_MILLISECONDS = 5_000;
/** Half of the day for which a document is believed; keys are looked after on their own. */
const METADATA_REFRESH_MILLISECONDS = 12 * 60 * 60 * 1000;
/** After a failure, how long until the OP is asked again: a dead OP must not be asked once a request. */
const METADATA_RETRY_MILLISECONDS = 1_000;

const endpoint = z.string().check(z.refine(isSafeEndpoint));
const words = z.array(z.string());

const document = z.object({
  issuer: z.string().check(z.minLength(1)),
  authorization_endpoint: endpoint,
  token_endpoint: endpoint,
  jwks_uri: endpoint,
  end_session_endpoint: z.optional(endpoint),
  revocation_endpoint: z.optional(endpoint),
  revocation_endpoint_auth_methods_supported: z.optional(words),
  token_endpoint_auth_methods_supported: z.optional(words),
  pushed_authorization_request_endpoint: z.optional(endpoint),
  require_pushed_authorization_requests: z.optional(z.boolean()),
  authorization_response_iss_parameter_supported: z.optional(z.boolean()),
  claims_parameter_supported: z.optional(z.boolean()),
});

/** The parts of the OP's discovery document that we go by. */
export type OpMetadata = z.infer<typeof document>;

export interface OpUnavailable {
  readonly outcome: 'op-unavailable';
  /** For the log: a status or a kind of failure, never a URL with a query or a body. */
  readonly reason: string;
}

/** Gives the OP's metadata, read when first needed and shared by all requests of this instance. Never rejects. */
export interface MetadataSource {
  get(): Promise<OpMetadata | OpUnavailable>;
}

/**
 * Reads the discovery document and keeps it. Only an instance that has none yet waits for it; later ones are read behind
 * the requests, which the one at hand serves meanwhile, and serves on while the OP does not answer. Azure Functions may
 * stop an instance after its last answer: what was being read then comes, or fails, with the next request.
 *
 * @see OpenID Connect Discovery 1.0 section 4
 */
export function createMetadataSource(
  metadataUrl: string,
  now: () => number,
  fetchIt: typeof fetch = fetch,
): MetadataSource {
  let known: OpMetadata | undefined;
  let failed: OpUnavailable | undefined;
  let askAgainAt = Number.NEGATIVE_INFINITY;
  let underway: Promise<OpMetadata | OpUnavailable> | undefined;

  const refresh = async (): Promise<OpMetadata | OpUnavailable> => {
    const read = await readDocument(metadataUrl, fetchIt);
    if ('outcome' in read) {
      failed = read;
      askAgainAt = now() + METADATA_RETRY_MILLISECONDS;
      return read;
    }
    known = read;
    askAgainAt = now() + METADATA_REFRESH_MILLISECONDS;
    return read;
  };

  return {
    async get() {
      const kept = known ?? failed;
      if (kept && now() < askAgainAt) return kept;
      // All that goes wrong with a document is an outcome: this promise never rejects, whether or not somebody waits.
      underway ??= refresh().finally(() => {
        underway = undefined;
      });
      return known ?? underway;
    },
  };
}

async function readDocument(metadataUrl: string, fetchIt: typeof fetch): Promise<OpMetadata | OpUnavailable> {
  try {
    const response = await fetchIt(metadataUrl, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(METADATA_DEADLINE_MILLISECONDS),
    });
    if (!response.ok) return { outcome: 'op-unavailable', reason: `metadata-status-${response.status}` };
    const text = await boundedText(response);
    if (text === null) return { outcome: 'op-unavailable', reason: 'metadata-too-large' };
    const parsed = document.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : { outcome: 'op-unavailable', reason: 'metadata-malformed' };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return { outcome: 'op-unavailable', reason: timedOut ? 'metadata-deadline' : 'metadata-unreachable' };
  }
}

function isSafeEndpoint(value: string): boolean {
  const url = URL.parse(value);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
}

/** The origins from which the OP shows pages: what may frame the front-channel page, and what a sign-out form may lead to. */
export function browserOrigins(metadata: OpMetadata): string[] {
  const endpoints = [metadata.authorization_endpoint, metadata.end_session_endpoint];
  return [...new Set(endpoints.filter((value) => value !== undefined).map((value) => new URL(value).origin))];
}
