import { expect } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { scriptedGround, withMetadata } from '../http/support/ground.ts';
import { expectPage } from '../http/support/headers.ts';
import { comeBack } from '../http/support/scripted-sign-in.ts';
import { storedRows } from '../http/support/stored.ts';
import type { RunningApp } from '../http/support/world.ts';
import { conforms } from './conforms.ts';
import { rfc9207 } from './specs/rfc9207.ts';
import { authorizationRequest, expectNobodySignedIn, expectSignedIn } from './support/ground.ts';

const ground = scriptedGround();
const ANOTHER = 'https://login.evil.example/v2.0';
const MISMATCH = 'The answer came from another sign-in service';

/** Comes back with this query beside the state, whatever it is. */
async function comeBackWith(query: string, app: RunningApp = ground.app) {
  const browser = new Browser();
  const request = await authorizationRequest(app, '', browser);
  ground.op.expect(request.href);
  const callback = `${app.origin}/auth/callback?state=${request.searchParams.get('state')}&${query}`;
  return browser.navigate(callback, 'http://login.localhost');
}

/** Holds that a response with this `iss` is refused, and that its code stays here. */
async function isRefused(iss: string): Promise<void> {
  const [before, requests] = [await storedRows(ground.world), ground.op.tokenRequests.length];
  const { answer } = await comeBack(ground.op, ground.app, new Browser(), { iss });
  expectPage(answer, 400, MISMATCH);
  await expectNobodySignedIn(ground, answer, before);
  expect(ground.op.tokenRequests).toHaveLength(requests);
}

/** All that is nearly the OP's issuer. */
const nearly = () => {
  const { issuer } = ground.op;
  return [`${issuer}/`, issuer.toUpperCase(), issuer.replace('127.0.0.1', 'localhost'), ` ${issuer}`, `${issuer}#`, ''];
};

conforms(rfc9207, {
  '2.4-decoded': async () => {
    const encoded = encodeURIComponent(ground.op.issuer);
    expect(encoded).toContain('%3A%2F%2F');
    expectSignedIn(await comeBackWith(`code=a-code&iss=${encoded}`));
    await isRefused(encoded);
  },
  '2.4-simple-comparison': async () => {
    for (const iss of nearly()) await isRefused(iss);
  },
  '2.4-rejected': () => isRefused(ANOTHER),
  '2.4-errors': async () => {
    const error = (iss: string) => comeBackWith(`error=access_denied&iss=${encodeURIComponent(iss)}`);
    expectPage(await error(ANOTHER), 400, MISMATCH);
    expectPage(await error(ground.op.issuer), 403, 'The sign-in was cancelled');
  },
  '2.4-metadata': async () => {
    const issuer = ground.op.issuer.replace('/v2.0', '/renamed');
    const answers = await withMetadata(ground, { issuer }, async (app) => {
      ground.op.idToken = (good) => ground.op.sign({ ...good, iss: issuer });
      const statuses = [];
      for (const iss of [issuer, ground.op.issuer]) {
        statuses.push((await comeBack(ground.op, app, new Browser(), { iss })).answer.status);
      }
      return statuses;
    });
    expect(answers).toEqual([303, 400]);
  },
  '2.4-missing': async () => {
    await withMetadata(ground, { authorization_response_iss_parameter_supported: true }, async (app) => {
      expectPage((await comeBack(ground.op, app)).answer, 400, MISMATCH);
      expectPage(await comeBackWith('error=access_denied', app), 400, MISMATCH);
      expectSignedIn((await comeBack(ground.op, app, new Browser(), { iss: ground.op.issuer })).answer);
    });
  },
  '2.4-unannounced': async () => {
    expectSignedIn((await comeBack(ground.op, ground.app, new Browser(), { iss: ground.op.issuer })).answer);
    await isRefused(ANOTHER);
  },
  '4-validated': async () => {
    for (const iss of [ground.op.issuer.slice(0, -1), `${ground.op.issuer}.evil.example`]) await isRefused(iss);
  },
  '4-multiple': async () => {
    const [ours, theirs] = [ground.op.issuer, ANOTHER].map(encodeURIComponent);
    for (const query of [`iss=${ours}&iss=${theirs}`, `iss=${theirs}&iss=${ours}`]) {
      const before = await storedRows(ground.world);
      await expectNobodySignedIn(ground, await comeBackWith(`code=a-code&${query}`), before);
    }
  },
});
