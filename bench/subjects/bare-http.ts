/** `node:http` and nothing else: what any gateway in Node pays for being asked and for answering. */
import { createServer } from 'node:http';
import { ANSWER_TO_NOBODY } from '../stage/answer.ts';
import { tellWhere } from '../stage/tell-where.ts';

const length = Buffer.byteLength(ANSWER_TO_NOBODY);

tellWhere(
  createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': length });
    response.end(ANSWER_TO_NOBODY);
  }),
);
