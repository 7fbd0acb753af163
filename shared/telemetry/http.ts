import type { Attributes } from '@opentelemetry/api';
import type { Upstream } from '../gateway/upstream.ts';
import { type Ending, inClientSpan } from './spans.ts';

/**
 * `fetch`, each request a span. The URL is left out, though the conventions have it: a query may hold what nobody may read.
 *
 * @param nameOf what is at a URL, which is given without its query: one of a few words
 */
export function observedFetch(nameOf: (url: string) => string, fetchIt: typeof fetch = fetch): typeof fetch {
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? 'GET';
    const work = () => fetchIt(input, init);
    return inClientSpan(
      `${method} ${nameOf(`${url.origin}${url.pathname}`)}`,
      () => target(method, url),
      work,
      ({ status }) => answered(status),
    );
  };
}

/** The downstream APIs, each call a span up to the first byte of its answer. */
export function observedUpstream(upstream: Upstream): Upstream {
  return (call) =>
    inClientSpan(
      call.method,
      () => target(call.method, new URL(call.url)),
      () => upstream(call),
      (answer) => (answer.outcome === 'answered' ? answered(answer.status) : { attributes: {}, error: answer.outcome }),
    );
}

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
function target(method: string, { hostname, port, protocol }: URL): Attributes {
  const byDefault = protocol === 'https:' ? 443 : 80;
  return { 'http.request.method': method, 'server.address': hostname, 'server.port': Number(port) || byDefault };
}

function answered(status: number): Ending {
  return { attributes: { 'http.response.status_code': status }, ...(status >= 400 && { error: String(status) }) };
}
