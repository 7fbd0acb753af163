import type { Asset } from '../assets/asset.ts';
import type { Answer, IncomingRequest } from './message.ts';

/** It carries nothing private, so a browser may keep it, and asks each time whether it is still the same. */
export function answerAsset(request: IncomingRequest, { contentType, body, etag }: Asset): Answer {
  const headers = {
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    etag,
  };
  if (request.headers.get('if-none-match') === etag) return { status: 304, headers, cookies: [], body: null };
  return { status: 200, headers: { ...headers, 'content-type': contentType }, cookies: [], body };
}
