import { CLIENT_MODULE, CLIENT_TYPES } from '../shared/client/client.ts';
import { answerAsset } from '../shared/http/asset.ts';
import type { Trigger } from './edge.ts';

/** `GET /exeunt.js`: the client module for single-page applications. */
export const clientModule: Trigger = ({ request }) => answerAsset(request, CLIENT_MODULE);

/** `GET /exeunt.d.ts`: its types, which a developer saves beside their code. */
export const clientTypes: Trigger = ({ request }) => answerAsset(request, CLIENT_TYPES);
