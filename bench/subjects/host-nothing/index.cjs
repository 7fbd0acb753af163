// A function that does nothing, in streaming mode: what the local host and the Functions library take of every call.
const { app } = require('@azure/functions');

const { BENCH_ANSWER: body = '' } = process.env;
const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };

app.setup({ enableHttpStream: true });
app.http('nothing', {
  methods: ['GET'],
  route: 'api/{name}/{*path}',
  authLevel: 'anonymous',
  handler: () => ({ status: 200, headers, body }),
});
