import { refuse } from '../shared/http/answers.ts';
import { segmentsOf } from '../shared/http/message.ts';
import { ASSETS } from '../shared/page/assets.ts';
import type { Trigger } from './edge.ts';

/** `GET /assets/{file}`: style, script and icon of the pages. They carry nothing private, so a browser may keep them. */
export const assets: Trigger = ({ request }) => {
  const asset = ASSETS.get(segmentsOf(request).at(-1) ?? '');
  if (asset === undefined) return refuse(request, 'not_found');
  const headers = {
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    etag: asset.etag,
  };
  if (request.headers.get('if-none-match') === asset.etag) return { status: 304, headers, cookies: [], body: null };
  return { status: 200, headers: { ...headers, 'content-type': asset.contentType }, cookies: [], body: asset.body };
};
