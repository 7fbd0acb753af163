import types from 'text:./browser/exeunt.d.ts';
import script from 'text:./browser/module.ts';
import { type Asset, makeAsset } from '../assets/asset.ts';

/** What a single-page application imports from `/exeunt.js`. */
export const CLIENT_MODULE: Asset = makeAsset('text/javascript; charset=utf-8', script);

/** Its types. */
export const CLIENT_TYPES: Asset = makeAsset('text/plain; charset=utf-8', types);
