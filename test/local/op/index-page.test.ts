import { describe, expect, it } from '@jest/globals';
import { createOp, type Op, type OpOptions } from '../../../local/op/op.ts';
import { TEST_USERS } from '../../../local/op/users.ts';

async function index(options: OpOptions, look: (page: Response, text: string, op: Op) => Promise<void> | void) {
  const op = await createOp(options);
  const { port } = await op.listen(0);
  try {
    const page = await fetch(`http://127.0.0.1:${port}/`);
    await look(page, await page.text(), op);
  } finally {
    await op.close();
  }
}

describe('the page at the address of the OpenID provider', () => {
  it('names everybody who can sign in', () =>
    index({}, (page, text) => {
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      for (const { name, upn } of TEST_USERS) {
        expect(text).toContain(name);
        expect(text).toContain(upn);
      }
    }));

  it('leads to the discovery document', () =>
    index({}, async (page, text, op) => {
      const [, path = ''] = /href="([^"]*openid-configuration)"/.exec(text) ?? [];
      const metadata = (await (await fetch(new URL(path, page.url))).json()) as { issuer: string };
      expect(metadata.issuer).toBe(op.issuer);
    }));

  it('leads to what else is served on its host, and to nothing more', async () => {
    const fallback: OpOptions['fallback'] = (_request, response) => response.end('rows');
    const links = [{ path: '/rows', text: 'Stored <rows>' }];
    await index({ fallback, links }, (_page, text) => {
      expect(text).toContain('<a href="/rows">Stored &lt;rows&gt;</a>');
    });
    await index({}, (_page, text) => expect(text).not.toContain('/rows'));
  });

  it('makes safe what a name contains', () =>
    index({ users: [{ oid: 'o', name: '<b>Eve</b>', upn: 'eve@contoso.example' }] }, (_page, text) => {
      expect(text).toContain('&lt;b&gt;Eve&lt;/b&gt;');
      expect(text).not.toContain('<b>Eve</b>');
    }));
});
