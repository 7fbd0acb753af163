/** The downstream API of all subjects: tells people by their tokens, and lets nobody in without one. A process of its own. */
import { createServer } from 'node:http';
import { answerTo } from './answer.ts';
import { readStageFile } from './stage-file.ts';
import { tellWhere } from './tell-where.ts';

const answers = new Map(readStageFile().users.map(({ id, accessToken }) => [`Bearer ${accessToken}`, answerTo(id)]));

const server = createServer((request, response) => {
  const answer = answers.get(request.headers.authorization ?? '');
  if (answer === undefined || request.headers.cookie !== undefined) {
    response.writeHead(401).end();
    return;
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
  response.end(answer);
});
server.keepAliveTimeout = 600_000;
tellWhere(server);
