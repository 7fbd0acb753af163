import type { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions';
import { expect, it } from '@jest/globals';
import { httpWhenLoaded, whenLoaded } from '../../functions/when-loaded.ts';

const answered = { status: 204, headers: {}, cookies: [], body: null };
const lines: string[] = [];
const context = { invocationId: 'run-1', error: (line: string) => lines.push(line) } as unknown as InvocationContext;
const request = {} as HttpRequest;

it('two first requests have a handler loaded once', async () => {
  let loads = 0;
  const handler = httpWhenLoaded(async () => {
    loads += 1;
    return async () => answered;
  });
  expect(await Promise.all([handler(request, context), handler(request, context)])).toMatchObject([
    { status: 204 },
    { status: 204 },
  ]);
  expect(loads).toBe(1);
});

it('a request whose handler cannot be loaded is told so, the log knows why, and the next has it tried anew', async () => {
  let loads = 0;
  const handler = httpWhenLoaded(async () => {
    loads += 1;
    if (loads === 1) throw new RangeError('mark3r');
    return async () => answered;
  });
  const answer = await handler(request, context);
  expect(answer).toMatchObject({ status: 500 });
  expect(Object.fromEntries((answer as HttpResponse).headers.entries())).toMatchObject({
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(lines).toEqual([expect.stringMatching(/^\{"event":"error","name":"RangeError",.*"id":"run-1"\}$/)]);
  expect(lines.join('')).not.toContain('mark3r');
  expect(await handler(request, context)).toMatchObject({ status: 204 });
});

it('what a loaded handler throws is its own', async () => {
  const handler = httpWhenLoaded(async () => () => Promise.reject(new TypeError('its own')));
  await expect(handler(request, context)).rejects.toThrow('its own');
});

it('a timer or a message whose handler cannot be loaded fails, and the next has it tried anew', async () => {
  let loads = 0;
  const handler = whenLoaded(async () => {
    loads += 1;
    if (loads === 1) throw new RangeError();
    return () => 'done';
  });
  await expect(handler(null, context)).rejects.toThrow(RangeError);
  expect(await handler(null, context)).toBe('done');
});
