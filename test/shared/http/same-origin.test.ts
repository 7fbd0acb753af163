import { describe, expect, it } from '@jest/globals';
import { isCrossSite, isSameOrigin } from '../../../shared/http/same-origin.ts';
import { APP_ORIGIN, testRequest } from '../../support/request.ts';

type Headers = Record<string, string>;
const EVIL = 'https://evil.example';

describe('a request that changes something', () => {
  it.each<[string, Headers]>([
    ['both headers say so', { origin: APP_ORIGIN, 'sec-fetch-site': 'same-origin' }],
    ['the origin alone says so, as older browsers do', { origin: APP_ORIGIN }],
    ['the site alone says so', { 'sec-fetch-site': 'same-origin' }],
  ])('is let in where %s', (_, headers) => {
    expect(isSameOrigin(testRequest(headers), APP_ORIGIN)).toBe(true);
  });

  it.each<[string, Headers]>([
    ['nothing says where it comes from', {}],
    ['it comes from another origin', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
    ['it comes from a sibling domain', { origin: 'https://other.example', 'sec-fetch-site': 'same-site' }],
    ['only the site says so', { 'sec-fetch-site': 'same-site' }],
    ['a person typed it', { 'sec-fetch-site': 'none' }],
    ['the origin is null, as in a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['the origin is null alone', { origin: 'null' }],
    ['the two contradict each other', { origin: EVIL, 'sec-fetch-site': 'same-origin' }],
    ['the two contradict each other the other way', { origin: APP_ORIGIN, 'sec-fetch-site': 'cross-site' }],
    ['the scheme is another', { origin: 'http://app.example' }],
    ['the port is another', { origin: `${APP_ORIGIN}:8443` }],
    ['the origin only begins with ours', { origin: `${APP_ORIGIN}.evil.example` }],
    ['the origin is empty', { origin: '' }],
  ])('is refused where %s', (_, headers) => {
    expect(isSameOrigin(testRequest(headers), APP_ORIGIN)).toBe(false);
  });
});

describe('a request that only reads', () => {
  it.each<[string, Headers]>([
    ['it comes from our own page', { 'sec-fetch-site': 'same-origin' }],
    ['a person typed it', { 'sec-fetch-site': 'none' }],
    ['no browser sent it', {}],
  ])('is let in where %s', (_, headers) => {
    expect(isCrossSite(testRequest(headers), APP_ORIGIN)).toBe(false);
  });

  it.each<[string, Headers]>([
    ['it comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['it comes from a sibling domain', { 'sec-fetch-site': 'same-site' }],
    ['it comes from another origin', { origin: EVIL }],
    ['the origin is null', { origin: 'null' }],
    ['the site is one that no specification knows', { 'sec-fetch-site': 'whatever' }],
  ])('is refused where %s', (_, headers) => {
    expect(isCrossSite(testRequest(headers), APP_ORIGIN)).toBe(true);
  });
});
