import { describe, expect, it } from '@jest/globals';
import { readBearer } from '../../../shared/operator/bearer.ts';

describe('the bearer token of a request', () => {
  it.each(['Bearer a.b-c_d~e+f/g==', 'bearer a.b-c_d~e+f/g==', 'BEARER  a.b-c_d~e+f/g=='])(
    'is read from %j',
    (header) => {
      expect(readBearer(header)).toEqual({ outcome: 'token', token: 'a.b-c_d~e+f/g==' });
    },
  );

  it.each([null, '', 'Basic YTpi', 'Bearerer a', 'DPoP a.b.c', 'a.b.c'])('is not there in %j', (header) => {
    expect(readBearer(header)).toEqual({ outcome: 'none' });
  });

  it.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer "a"', 'Bearer a=b', 'Bearer ä'])(
    'is none in %j',
    (header) => expect(readBearer(header)).toEqual({ outcome: 'malformed' }),
  );
});
