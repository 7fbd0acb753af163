import { expect } from '@jest/globals';
import type { User } from '../../../local/op/op.ts';
import { CAEP } from '../../support/transmitter.ts';
import type { Browser } from './browser.ts';
import { duringTests, localWorld } from './ground.ts';
import { SAFE_HEADERS } from './headers.ts';
import { type Arrived, bringIn } from './sign-in.ts';
import { AUTHORIZATION, deliver, localTransmitter, type ScriptedTransmitter, subjectOf } from './transmitter.ts';
import type { Answer } from './wire.ts';

export const REVOKED = `${CAEP}session-revoked`;

/** An application that believes a transmitter as much as one can, during the tests of a file, and what tests do there. */
export function securityEventsGround() {
  const world = localWorld();
  const transmitter = localTransmitter();
  const app = duringTests(() =>
    world.startApp({
      ...transmitter.settings,
      SECURITY_EVENTS_SUBJECTS: 'iss_sub email complex',
      SECURITY_EVENTS_AUTHORIZATION: AUTHORIZATION,
      AUTH_SCOPES: `email ${world.app.environment.AUTH_SCOPES}`,
    }),
  );
  const make: ScriptedTransmitter['make'] = (...what) => transmitter.make(...what);
  return {
    world,
    transmitter,
    app,
    /** Brings somebody in, a new person unless said otherwise. */
    signedIn: (person?: User, at = app) => bringIn(world, person, at),
    /** The status of what a browser is told about its session. */
    session: async (browser: Browser, at = app) => (await browser.fetch(`${at.origin}/auth/session`)).status,
    /** A person as the OP names them to the application. */
    subOf: (arrived: Arrived, at = app) => subjectOf(world, arrived, at),
    /** A SET about an event, of now. */
    make,
    /** Delivers a SET. */
    give: (set: string, headers: Readonly<Record<string, string>> = {}, at = app) => deliver(at, set, headers),
  };
}

/** Expects that a delivery is acknowledged, in no more words than that takes (RFC 8935 section 2.2). */
export function expectAccepted(answer: Answer): void {
  expect({ status: answer.status, text: answer.text, cookies: answer.setCookies }).toEqual({
    status: 202,
    text: '',
    cookies: [],
  });
  expect(answer.headers).toMatchObject(SAFE_HEADERS);
  expect(answer.headers).not.toHaveProperty('content-type');
}
