import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { sendLoad, WrongAnswer } from '../../bench/load/load.ts';
import type { StagedUser } from '../../bench/stage/stage.ts';
import type { Subject } from '../../bench/subjects/subjects.ts';

const users = ['alice', 'bob'].map((id) => ({ id, cookies: { exeunt: id } }) as unknown as StagedUser);
const untimed = { begin: async () => {}, end: async () => {} };

/** Loads a server that answers like this, by the cookie that it is sent. */
async function loadOn(answer: (cookie: string, call: number) => readonly [status: number, body: string]) {
  let calls = 0;
  const server = createServer(({ headers }, response) => {
    calls += 1;
    const [status, body] = answer(headers.cookie ?? '', calls);
    response.writeHead(status).end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const subject = {
    name: 'exeunt',
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cookieOf: ({ cookies }: StagedUser) => cookies.exeunt,
    answerTo: ({ id }: StagedUser) => `you are ${id}`,
  } as unknown as Subject;
  try {
    return {
      ...(await sendLoad(subject, { concurrency: 2, leadSeconds: 0.05, seconds: 0.05, users }, untimed)),
      calls,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('load', () => {
  it('takes everybody in turns, and counts no call of the lead', async () => {
    const sent = await loadOn((cookie) => [200, `you are ${cookie}`]);
    expect(sent.requests).toBe(sent.latencies.length);
    expect(sent.requests).toBeGreaterThan(0);
    expect(sent.calls).toBeGreaterThan(sent.requests);
  });

  it.each([
    ['a status that is not 200', () => [503, 'you are alice'] as const],
    ["somebody else's data", () => [200, 'you are alice'] as const],
    [
      'one wrong answer among many',
      (cookie: string, call: number) => [call === 9 ? 401 : 200, `you are ${cookie}`] as const,
    ],
  ])('fails by %s', async (_, answer) => {
    await expect(loadOn(answer)).rejects.toThrow(WrongAnswer);
  });
});
