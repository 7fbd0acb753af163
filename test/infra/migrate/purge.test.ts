import { describe, expect, it } from '@jest/globals';
import { addressOf, asking, NotAskable } from '../../../infra/migrate/authorize.ts';
import { blobs } from '../../../infra/migrate/blobs.ts';
import { recogniseInRow } from '../../../infra/migrate/in-row.ts';
import { recognise } from '../../../infra/migrate/msal-cache.ts';
import { describePurged, purge } from '../../../infra/migrate/purge.ts';
import { rows } from '../../../infra/migrate/rows.ts';
import type { Ask, Candidate, Deleted } from '../../../infra/migrate/store.ts';

const token = (kind: string) => ({
  home_account_id: 'a.t',
  environment: 'login.windows.net',
  credential_type: kind,
  client_id: 'c',
  secret: 's',
});
const CACHE = {
  Account: { k: { home_account_id: 'a.t', environment: 'login.windows.net', username: 'a@contoso.example' } },
  IdToken: { k: token('IdToken') },
  AccessToken: { k: token('AccessToken'), pop: token('AccessToken_With_AuthScheme') },
  RefreshToken: { k: token('RefreshToken') },
  AppMetadata: { k: { client_id: 'c', environment: 'login.windows.net' } },
};
const EMPTY = { Account: {}, IdToken: {}, AccessToken: {}, RefreshToken: {}, AppMetadata: {} };
const text = JSON.stringify(CACHE);

describe('a cache of MSAL', () => {
  it.each([
    ['whole', CACHE, 'cache'],
    ['without application metadata', { ...CACHE, AppMetadata: undefined }, 'cache'],
    ['with a refresh token alone', { ...EMPTY, RefreshToken: CACHE.RefreshToken }, 'cache'],
    ['after its account was removed', { ...EMPTY, AppMetadata: CACHE.AppMetadata }, 'empty'],
    ['empty', EMPTY, 'empty'],
    ['with a section more', { ...CACHE, Theme: {} }, 'other'],
    ['without refresh tokens', { ...CACHE, RefreshToken: undefined }, 'other'],
    ['with a list for a section', { ...CACHE, Account: [] }, 'other'],
    ['with an entry that is none', { ...CACHE, RefreshToken: { k: { secret: 's' } } }, 'other'],
    ['with a token of another kind', { ...CACHE, RefreshToken: { k: token('IdToken') } }, 'other'],
    ['that is no object', [CACHE], 'other'],
    ['that is nothing', {}, 'other'],
  ])('%s', (_what, value, recognised) => {
    expect(recognise(JSON.stringify(value))).toBe(recognised);
  });

  it.each(['', '{', 'null', '"{}"', '\u0001\u0002'])('is not %j', (value) => {
    expect(recognise(value)).toBe('other');
  });
});

describe('a row', () => {
  const inRow = (texts: Readonly<Record<string, string>>) => recogniseInRow(new Map(Object.entries(texts)));

  it('holds a cache in one property, or cut into several in the order of their numbers', () => {
    expect(inRow({ value: text })).toBe('cache');
    const cut = Object.fromEntries(
      Array.from({ length: 12 }, (_, at) => [
        `part${at}`,
        text.slice(at * 100, at === 11 ? undefined : (at + 1) * 100),
      ]),
    );
    expect(inRow(Object.fromEntries(Object.entries(cut).reverse()))).toBe('cache');
    expect(inRow({ value: JSON.stringify(EMPTY) })).toBe('empty');
  });

  it('holds a cache beside other text, which is said', () => {
    expect(inRow({ value: text, name: 'Ada' })).toBe('mixed');
  });

  it('holds none', () => {
    expect(inRow({ name: 'Ada', part0: text.slice(0, 50) })).toBe('other');
    expect(inRow({})).toBe('other');
  });
});

describe('a purge', () => {
  const candidate = (found: Awaited<ReturnType<Candidate['look']>>, became: Deleted, deleted: string[]): Candidate => ({
    look: async () => found,
    delete: async () => {
      deleted.push(found);
      return became;
    },
  });
  const storeOf = (deleted: string[]) => ({
    async *candidates() {
      yield candidate('cache', 'gone', deleted);
      yield candidate('cache', 'changed', deleted);
      yield candidate('empty', 'recoverable', deleted);
      yield candidate('mixed', 'gone', deleted);
      yield candidate('other', 'gone', deleted);
    },
  });

  it.each([
    [{ delete: false, mixed: true }, []],
    [{ delete: true, mixed: false }, ['cache', 'cache', 'empty']],
    [{ delete: true, mixed: true }, ['cache', 'cache', 'empty', 'mixed']],
  ])('that wishes %j deletes %j', async (wishes, expected) => {
    const deleted: string[] = [];
    await purge(storeOf(deleted), wishes);
    expect(deleted).toEqual(expected);
  });

  it('says what is left, and what is not gone yet', async () => {
    const wishes = { delete: true, mixed: false };
    expect(describePurged(await purge(storeOf([]), wishes), wishes)).toEqual([
      'found: 2 MSAL caches, 1 without a token, 1 beside other text, 1 other things',
      'deleted: 2',
      'left: 1, written meanwhile; is something still running that writes them?',
      'left: 1 beside other text; --mixed deletes all of their rows',
      '1 of the deleted can be restored until soft delete gives them up: they are not gone before',
    ]);
  });
});

describe('what is asked of storage', () => {
  const asked: { url: string; method: string; headers: Record<string, string> }[] = [];
  const answering = (...answers: Response[]): Ask => {
    asked.length = 0;
    return async (url, { method, headers }) => {
      asked.push({ url: url.href, method, headers });
      return answers.shift() ?? new Response(null, { status: 500 });
    };
  };
  const only = async (store: ReturnType<typeof rows>) => {
    for await (const found of store.candidates()) return found;
    throw new Error('nothing');
  };

  it.each([
    [new Response(null, { status: 202, headers: { 'x-ms-delete-type-permanent': 'true' } }), 'gone'],
    [new Response(null, { status: 202, headers: { 'x-ms-delete-type-permanent': 'false' } }), 'recoverable'],
    [new Response(null, { status: 404 }), 'gone'],
    [new Response(null, { status: 412 }), 'changed'],
  ])('a blob is deleted as it was read, snapshots too', async (answer, became) => {
    const page =
      '<Blobs><Blob><Name>a &amp; b/c</Name><Properties><Etag>0x8</Etag><Content-Length>9</Content-Length></Properties></Blob></Blobs><NextMarker/>';
    const store = blobs(new URL('https://a.example/c'), answering(new Response(page), new Response(text), answer));
    const found = await only(store);
    expect(await found.look()).toBe('cache');
    expect(await found.delete()).toBe(became);
    expect(asked.at(-1)).toMatchObject({
      url: 'https://a.example/c/a%20%26%20b/c',
      method: 'DELETE',
      headers: { 'if-match': '"0x8"', 'x-ms-delete-snapshots': 'include' },
    });
  });

  it('a blob whose name would lead to another is left alone', async () => {
    const page = '<Blob><Name>a/../b</Name><Etag>0x8</Etag></Blob>';
    expect(
      await (
        await only(blobs(new URL('https://a.example/c'), answering(new Response(page), new Response(text))))
      ).look(),
    ).toBe('other');
  });

  it('a row is deleted as it was read', async () => {
    const row = {
      'odata.etag': 'W/"1"',
      PartitionKey: "o'b",
      RowKey: 'r',
      Timestamp: 't',
      'Timestamp@odata.type': 'Edm.DateTime',
      value: text,
    };
    const store = rows(
      new URL('https://a.example/t'),
      answering(Response.json({ value: [row] }), new Response(null, { status: 412 })),
    );
    const found = await only(store);
    expect(await found.look()).toBe('cache');
    expect(await found.delete()).toBe('changed');
    expect(asked.at(-1)).toMatchObject({
      url: "https://a.example/t(PartitionKey='o''b',RowKey='r')",
      headers: { 'if-match': 'W/"1"' },
    });
  });

  it('what it refuses is told by status and code, and stops it', async () => {
    const refusal = new Response('<Message>alice</Message>', {
      status: 403,
      headers: { 'x-ms-error-code': 'AuthorizationFailure' },
    });
    await expect(only(rows(new URL('https://a.example/t'), answering(refusal)))).rejects.toThrow(
      /^403 AuthorizationFailure$/,
    );
  });
});

describe('who asks', () => {
  const sent: Request[] = [];
  const fetchIt = (async (url: URL, init: RequestInit) => {
    sent.push(new Request(url, init));
    return new Response();
  }) as typeof fetch;
  const ask = (address: string, sas?: string) => {
    const url = new URL(address);
    return asking(url, sas, async () => 'a-token', fetchIt)(url, { method: 'GET', headers: {} });
  };

  it('proves it by a signature or a token, never by both', async () => {
    await ask('https://a.example/t', '?sv=1&sig=a%2Bb%3D');
    await ask('https://contoso.table.core.windows.net/t');
    expect(sent.map(({ url, headers }) => [url, headers.get('authorization')])).toEqual([
      ['https://a.example/t?sv=1&sig=a%2Bb%3D', null],
      ['https://contoso.table.core.windows.net/t', 'Bearer a-token'],
    ]);
  });

  it.each([
    ['http://a.example/t', 'sig=s'],
    ['http://127.0.0.1/t', undefined],
    ['https://a.example/t', undefined],
    ['https://contoso.table.core.windows.net.a.example/t', undefined],
    ['https://a.example/contoso.table.core.windows.net', undefined],
  ])('is not asked at %s', (address, sas) => {
    expect(() => ask(address, sas)).toThrow(NotAskable);
  });

  it('is sent on by nobody', () => {
    for (const { redirect } of sent) expect(redirect).toBe('error');
    expect(sent.length).toBeGreaterThan(0);
  });

  it.each(['t', 'https://a.example/t?sig=s', 'https://a:b@a.example/t', 'https://a.example/t#x'])(
    'no address: %s',
    (text) => {
      expect(() => addressOf(text)).toThrow(NotAskable);
    },
  );
});
