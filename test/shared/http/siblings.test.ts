import { expect, it } from '@jest/globals';
import { empty } from '../../../shared/http/answers.ts';
import { readableBy } from '../../../shared/http/siblings.ts';

const SIBLING = 'https://spa.example';

/** As an API would say them whose own headers a setting lets through. */
const said = {
  etag: '"v1"',
  'access-control-allow-origin': '*',
  'access-control-allow-credentials': 'true',
  'access-control-allow-private-network': 'true',
};

it.each([
  ['nobody', null, undefined],
  ['a sibling', SIBLING, SIBLING],
])('what an API says of other origins is not said on: to %s', (_who, sibling, allowed) => {
  const { headers } = readableBy(sibling, { ...empty(200), headers: said });
  expect(headers.etag).toBe('"v1"');
  expect(headers['access-control-allow-origin']).toBe(allowed);
  expect(headers).not.toHaveProperty('access-control-allow-private-network');
});
