import { refuse } from '../shared/http/answers.ts';
import { answerAsset } from '../shared/http/asset.ts';
import { segmentsOf } from '../shared/http/message.ts';
import { ASSETS } from '../shared/page/assets.ts';
import type { Trigger } from './edge.ts';

/** `GET /assets/{file}`: style, script and icon of the pages. */
export const assets: Trigger = ({ request }) => {
  const asset = ASSETS.get(segmentsOf(request).at(-1) ?? '');
  return asset === undefined ? refuse(request, 'not_found') : answerAsset(request, asset);
};
