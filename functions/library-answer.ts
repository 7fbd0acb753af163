import { HttpResponse, type HttpResponseInit } from '@azure/functions';
import type { Answer, AnswerBody, Cookie } from '../shared/http/message.ts';

/**
 * An answer that the Functions library writes out as it is. Its own copies headers and body into a `Response` of the Fetch
 * standard, and reads both out of that again; what it does with one in streaming mode is all that is here. Whoever fills in
 * more of the standard's `Headers` and `ReadableStream` makes each call of an API dearer. The class has to be that of the bundle
 * whose `app` the function is registered with: the library takes an instance of another copy's for a plain object.
 *
 * @see https://github.com/Azure/azure-functions-nodejs-library `src/http/httpProxy.ts` `sendProxyResponse`
 */
export class LibraryAnswer extends HttpResponse {
  override readonly headers: HttpResponse['headers'];
  override readonly body: HttpResponse['body'];

  constructor({ status, headers, cookies, body }: Answer) {
    super({ status, cookies: cookies.map(cookie) });
    this.headers = headersAsRead(headers) as unknown as HttpResponse['headers'];
    this.body = body === null ? null : (bodyAsRead(body) as unknown as HttpResponse['body']);
  }
}

/** @param headers names in lower case */
function headersAsRead(headers: Answer['headers']): Pick<Headers, 'get'> & { entries(): [string, string][] } {
  return { get: (name) => headers[name] ?? null, entries: () => Object.entries(headers) };
}

function bodyAsRead(body: NonNullable<AnswerBody>) {
  const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
  return { values: () => pieces };
}

function cookie({ name, value, sameSite, maxAgeSeconds }: Cookie): NonNullable<HttpResponseInit['cookies']>[number] {
  return {
    name,
    value,
    sameSite,
    httpOnly: true,
    secure: true,
    path: '/',
    ...(maxAgeSeconds !== null && { maxAge: maxAgeSeconds }),
  };
}
