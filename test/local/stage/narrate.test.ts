import { expect, it } from '@jest/globals';
import { narrate } from '../../../local/stage/narrate.ts';

it('tells of a sign-out what was deleted and how long it took', () => {
  const line = JSON.stringify({
    event: 'signout.completed',
    door: 'front-channel',
    accounts: ['74b546db8da527b4'],
    sessions: 2,
    ms: 12,
  });
  expect(narrate(line)).toBe('front-channel sign-out: 1 partition with 2 sessions deleted in 12 ms');
});

it('says so when there was nothing to delete', () => {
  const line = JSON.stringify({ event: 'signout.completed', door: 'own', accounts: [], sessions: 0, ms: 3 });
  expect(narrate(line)).toBe('own sign-out: nothing was left to delete');
});

it('tells that a sign-out was refused, and why', () => {
  const line = JSON.stringify({ event: 'signout.refused', door: 'back-channel', reason: 'claim-aud' });
  expect(narrate(line)).toBe('back-channel sign-out refused: claim-aud');
});

it('tells why a session ended that nobody signed out of', () => {
  const line = JSON.stringify({ event: 'session.ended', account: 'a1b2', reason: 'refresh-token-dead' });
  expect(narrate(line)).toBe('session of account a1b2 ended: refresh-token-dead');
});

it('tells that a session cannot be read, and why', () => {
  const line = JSON.stringify({ event: 'session.unreadable', account: 'a1b2', reason: 'unknown-key' });
  expect(narrate(line)).toBe('session of account a1b2 cannot be read: unknown-key; nobody is signed in by it');
});

it('tells of an operator who is let in, and why one is not', () => {
  expect(narrate('{"event":"operator.admitted","operator":"5323a565"}')).toBe('operator 5323a565 let in');
  expect(narrate('{"event":"operator.refused","reason":"claim-roles"}')).toBe('operator refused: claim-roles');
});

it('tells of a message that was not for this application without saying what it was about: both queues have such', () => {
  const line = '{"event":"retry.passed-on","tries":0}';
  expect(narrate(line)).toBe('a message of the queue was left to another instance or application');
});

it.each(['host: listening on http://127.0.0.1:7071', '{"event":', '', '{"level":"info"}'])('passes over %j', (line) => {
  expect(narrate(line)).toBeNull();
});
