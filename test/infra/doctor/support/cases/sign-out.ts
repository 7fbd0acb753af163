import type { Case } from '../case.ts';
import { answered, document, frame, refusal } from '../healthy.ts';

const page = (text: string) => answered(200, text);

/** The ways by which a session ends. */
export const SIGN_OUT_CASES: readonly Case[] = [
  ['post-logout-uri', 'the OP sends back', {}, 'ok', /sends browsers back/],
  ['post-logout-uri', 'the OP refuses', { endSession: answered(400) }, 'wrong', /refuses to return/],
  ['post-logout-uri', 'the OP shows a page', { endSession: page('Signed out') }, 'unknown', /does not say/],
  [
    'post-logout-uri',
    'the OP has no such page',
    { endSession: null, metadata: document({ end_session_endpoint: undefined }) },
    'unknown',
    /op-sign-out/,
  ],
  ['logout-url', 'it is http on this machine', { origin: 'http://contoso.localhost:7071' }, 'warn', /not https/],
  ['logout-url', 'it is https', {}, 'unknown', /Only the OP knows/],
  ['front-channel', 'the OP may frame it', {}, 'ok', /login\.microsoftonline\.com to frame/],
  ['front-channel', 'it is behind a login', { frontChannel: answered(401) }, 'wrong', /answers 401/],
  [
    'front-channel',
    'it has X-Frame-Options',
    { frontChannel: frame({ 'x-frame-options': 'SAMEORIGIN' }) },
    'wrong',
    /X-Frame-Options/,
  ],
  ['front-channel', 'it may be stored', { frontChannel: frame({ 'cache-control': 'max-age=60' }) }, 'wrong', /stored/],
  [
    'front-channel',
    'nobody may frame it',
    { frontChannel: frame({ 'content-security-policy': "frame-ancestors 'none'" }) },
    'wrong',
    /may not frame/,
  ],
  [
    'front-channel',
    'anybody may frame it',
    { frontChannel: frame({ 'content-security-policy': "default-src 'none'" }) },
    'warn',
    /Anybody/,
  ],
  ['front-channel-sid', 'nobody has it', {}, 'ok', /the same/],
  [
    'front-channel-sid',
    'storage cannot be written',
    { frontChannelStranger: refusal(503, 'signout_unfinished') },
    'wrong',
    /cannot be written/,
  ],
  [
    'front-channel-sid',
    'it is queued',
    { frontChannelStranger: refusal(503, 'signout_queued') },
    'wrong',
    /cannot be written/,
  ],
  ['front-channel-sid', 'it tells them apart', { frontChannelStranger: answered(404) }, 'wrong', /answers 404/],
  ['front-channel-iss', 'it is refused', {}, 'ok', /refused/],
  ['front-channel-iss', 'it is taken', { frontChannelForeign: frame() }, 'wrong', /answers 200/],
  ['back-channel', 'the OP says nothing', {}, 'ok', /does not announce/],
  [
    'back-channel',
    'the OP calls it',
    { metadata: document({ backchannel_logout_supported: true }) },
    'ok',
    /where https:\/\/app\.contoso\.com\/auth\/backchannel-logout is registered/,
  ],
  ['back-channel', 'somebody else answers', { backChannel: answered(403) }, 'wrong', /answers 403/],
];
