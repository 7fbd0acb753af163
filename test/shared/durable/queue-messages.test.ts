import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DIRECTORY_WORK } from '../../../shared/directory/work.ts';
import { takeWork } from '../../../shared/durable/work.ts';
import type { WorkKind } from '../../../shared/durable/work-message.ts';
import { SIGN_OUT_WORK } from '../../../shared/signout/retry-message.ts';
import { type FrozenMessage, takeMessages } from '../../fixtures/queue-messages.ts';
import { testApplication } from '../../support/application.ts';
import { scriptedQueue } from '../../support/scripted-queue.ts';

/** What each form of the messages was, byte for byte: see test/fixtures/queue-messages.ts. The last is this version's. */
const FORMS = [1].map((form): { form: number; frozen: readonly FrozenMessage[] } => {
  const file = new URL(`../../fixtures/queue-messages-${form}.json`, import.meta.url);
  return { form, frozen: JSON.parse(readFileSync(file, 'utf8')) };
});
const KINDS: Readonly<Record<FrozenMessage['queue'], WorkKind<unknown>>> = {
  'signout-retry': SIGN_OUT_WORK,
  'directory-events': DIRECTORY_WORK,
};

describe.each(FORMS)('what a version with form $form of the messages put into its queues', ({ frozen }) => {
  it.each(frozen)('$name is taken for what it was', async ({ queue, message, work }) => {
    const taken = await takeWork(testApplication().application, scriptedQueue(), KINDS[queue], message);
    expect(taken).toEqual({ outcome: 'taken', work, tries: 1 });
  });

  it.each(frozen)('$name is no message of the other queue', async ({ queue, message }) => {
    const other = queue === 'signout-retry' ? DIRECTORY_WORK : SIGN_OUT_WORK;
    const taken = await takeWork<unknown>(testApplication().application, scriptedQueue(), other, message);
    expect(taken).toEqual({ outcome: 'unreadable' });
  });
});

it('this version puts messages of the same form there: where it does not, they are to be frozen anew beside these', async () => {
  const unsealed = (messages: readonly FrozenMessage[]) => messages.map(({ message: _, ...rest }) => rest);
  const newest = FORMS.slice(-1).flatMap(({ frozen }) => unsealed(frozen));
  expect(newest).toEqual(JSON.parse(JSON.stringify(unsealed(await takeMessages()))));
});
