import { expect } from '@jest/globals';
import { problemsWith } from '../../shared/settings/environment.ts';

/** Holds that an origin by http is refused, unless it is a loopback name: all our addresses begin with the origin. */
export function expectHttpsAlone(): void {
  expect(problemsWith({ PUBLIC_ORIGIN: 'http://app.contoso.com' })).toEqual({
    PUBLIC_ORIGIN: expect.stringMatching(/https/),
  });
  expect(problemsWith({ PUBLIC_ORIGIN: 'http://contoso.localhost:7071' })).toEqual({});
}
