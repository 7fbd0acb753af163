import { unansweredFor } from '../../../../../infra/doctor/unanswered.ts';
import type { Case } from '../case.ts';
import { answered, NOW } from '../healthy.ts';

const DAYS = 86_400_000;
const back = (location: string) => answered(302, '', { headers: { location } });
const gone = unansweredFor('ECONNREFUSED');

/** What stands around the application. */
export const PLATFORM_CASES: readonly Case[] = [
  ['certificate', 'it has three weeks', { alive: until(21) }, 'ok', /good/],
  ['certificate', 'it has less than three weeks', { alive: until(20) }, 'warn', /three weeks/],
  ['certificate', 'it has less than a week', { alive: until(6) }, 'wrong', /within a week/],
  ['certificate', 'there is none', { alive: answered(200, '', { certificateEndsAt: null }) }, 'ok', /none/],
  ['plain-http', 'nobody listens', { plainHttp: gone }, 'ok', /Nobody/],
  ['plain-http', 'it is served', { plainHttp: answered(200) }, 'wrong', /answers 200/],
  ['plain-http', 'it leads elsewhere', { plainHttp: back('https://other.example/') }, 'wrong', /answers 302/],
  ['plain-http', 'it leads to plain http', { plainHttp: back('http://app.contoso.com/x') }, 'wrong', /answers 302/],
  ['plain-http', 'it is refused', { plainHttp: answered(403) }, 'ok', /refused/],
  [
    'other-cookies',
    'the platform has one',
    { page: answered(200, '', { setCookies: ['ARRAffinity=x; Domain=app.contoso.com'] }) },
    'warn',
    /sets: ARRAffinity\./,
  ],
  [
    'hsts',
    'there is none',
    { alive: answered(200, '', { headers: { 'strict-transport-security': '' } }) },
    'warn',
    /none/,
  ],
  [
    'hsts',
    'it is short',
    { alive: answered(200, '', { headers: { 'strict-transport-security': 'max-age=300' } }) },
    'warn',
    /half a year/,
  ],
  [
    'server-names',
    'there is one',
    { alive: answered(200, '', { headers: { 'x-powered-by': 'ASP.NET', server: 'x/1.2' } }) },
    'warn',
    /x-powered-by, server/,
  ],
  ['easyauth', 'it is on', { easyAuth: answered(401) }, 'wrong', /is on/],
  ['easyauth', 'it sends people to sign in', { easyAuth: back('https://login.example/') }, 'wrong', /is on/],
  ['easyauth', 'a firewall answers', { easyAuth: answered(403) }, 'unknown', /answers 403/],
  ['invocation-id', 'it was not tried', { invocationId: null }, 'unknown', /not tried/],
  ['invocation-id', 'it hangs', { invocationId: unansweredFor('ETIMEDOUT') }, 'wrong', /not answered/],
  ['clocks', 'they agree', {}, 'ok', /agree/],
  [
    'clocks',
    'an answer was six seconds on its way',
    { alive: answered(200, '', { sentAt: NOW - 5_500, receivedAt: NOW + 500 }) },
    'ok',
    /agree/,
  ],
  ['clocks', 'the OP is 10 s ahead', { metadataReply: at(10) }, 'warn', /two seconds/],
  ['clocks', 'the OP is two minutes behind', { metadataReply: at(-120) }, 'wrong', /over a minute/],
  [
    'clocks',
    'the OP is not known, and this machine is far off',
    { metadataReply: null, alive: at(300) },
    'wrong',
    /this machine/,
  ],
  ['clocks', 'the application says no time', { alive: { ...answered(200), headers: {} } }, 'unknown', /no Date/],
];

function until(days: number) {
  return answered(200, '', { certificateEndsAt: NOW + days * DAYS + 1 });
}

function at(seconds: number) {
  return answered(200, '', { headers: { date: new Date(NOW + seconds * 1_000).toUTCString() } });
}
