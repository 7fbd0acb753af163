// A function that does nothing, in streaming mode: what the local host and the Functions library take of every call. What a
// function can spare the library it is spared here too, as in functions/library-answer.ts: no more is subtracted than has to be.
const { app, HttpResponse } = require('@azure/functions');

const { BENCH_ANSWER: body = '' } = process.env;
const entries = [
  ['content-type', 'application/json'],
  ['content-length', String(Buffer.byteLength(body))],
];
const headers = { get: () => null, entries: () => entries };
const pieces = { values: () => [body] };

class Nothing extends HttpResponse {
  headers = headers;
  body = pieces;
}

app.setup({ enableHttpStream: true });
app.http('nothing', {
  methods: ['GET'],
  route: 'api/{name}/{*path}',
  authLevel: 'anonymous',
  handler: () => new Nothing({ status: 200 }),
});
