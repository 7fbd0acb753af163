import icon from 'text:./browser/icon.svg';
import leaveScript from 'text:./browser/leave.ts';
import style from 'text:./browser/page.css';
import script from 'text:./browser/page.ts';
import { type Asset, makeAsset } from '../assets/asset.ts';

/** What the pages load, by file name under `/assets/`. */
export const ASSETS: ReadonlyMap<string, Asset> = new Map([
  ['page.css', makeAsset('text/css; charset=utf-8', style)],
  ['page.js', makeAsset('text/javascript; charset=utf-8', script)],
  ['leave.js', makeAsset('text/javascript; charset=utf-8', leaveScript)],
  ['icon.svg', makeAsset('image/svg+xml', icon)],
]);
