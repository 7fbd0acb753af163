// The least function app there is: what every app in Node pays before it does anything of its own.
const { app } = require('@azure/functions');

app.http('empty', { handler: () => ({ status: 204 }) });
