import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';

/** A site of its own that sets a cookie as a third party may, and shows which cookies reach it inside another site's frame. */
export interface CookieProbe {
  /** Whether a cookie that the browser has for the probe's site reaches it in a frame under `hostOrigin`. */
  reachesFrames(page: Page): Promise<boolean>;
  close(): Promise<void>;
}

export async function startCookieProbe(): Promise<CookieProbe> {
  const server = createServer((request, response) => {
    const headers: Record<string, string> = { 'content-type': 'text/html' };
    if (request.url === '/set') headers['set-cookie'] = 'probe=1; Path=/; Secure; HttpOnly; SameSite=None';
    const frame = `<iframe src="http://framed.localhost:${(server.address() as AddressInfo).port}/show"></iframe>`;
    const shown = `<p>${request.headers.cookie?.includes('probe=1') ? 'cookie arrived' : 'no cookie'}</p>`;
    response.writeHead(200, headers).end(request.url === '/frame' ? frame : shown);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    async reachesFrames(page) {
      await page.goto(`http://framed.localhost:${port}/set`);
      await page.goto(`http://framing.localhost:${port}/frame`);
      const text = await page.frameLocator('iframe').locator('p').textContent();
      return text === 'cookie arrived';
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
