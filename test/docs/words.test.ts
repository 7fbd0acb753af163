import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROBLEMS } from '../../shared/http/problems.ts';
import { INSTRUMENTS } from '../../shared/telemetry/instruments.ts';
import { documents, read } from './markdown.ts';

/** What somebody types who follows the documents; CHANGELOG.md tells of times that are over. */
const DOCUMENTS = documents().filter((path) => path !== 'CHANGELOG.md');
const RUNBOOKS = ['docs/operations.md', 'docs/logs.md', 'SECURITY.md'];
/** Words of others that look like ours. */
const FOREIGN = [
  'auth_time',
  'login_hint',
  'session_state',
  'client_info',
  'form_post',
  'id_token_hint',
  'invalid_client',
];

/** Each match of an expression's first group, once. */
const said = (documents: readonly string[], expression: RegExp): string[] => [
  ...new Set(documents.flatMap((path) => [...read(path).matchAll(expression)].map(([, word = '']) => word))),
];

describe('what the documents have somebody type', () => {
  it.each(said(DOCUMENTS, /\bnpm run (?:-s )?([a-z][a-z:0-9-]*)/g))(
    'npm run %s is a script of package.json',
    (name) => {
      expect(Object.keys(JSON.parse(read('package.json')).scripts)).toContain(name);
    },
  );

  it.each(said(DOCUMENTS, /\bnode ((?:[\w-]+\/)+[\w-]+\.ts)\b/g))('node %s runs a file that is there', (path) => {
    expect(existsSync(path)).toBe(true);
  });

  it.each(said(DOCUMENTS, /\bparameter `([a-z][A-Za-z]+)`/g))('the parameter %s is one of infra/main.bicep', (name) => {
    expect(read('infra/main.bicep')).toMatch(new RegExp(`^param ${name} `, 'm'));
  });

  it.each(said(DOCUMENTS, /\b(EXEUNT_(?!OPERATOR_TOKEN)[A-Z_]+)\b/g))('%s is a parameter of the deployment', (name) => {
    expect(read('infra/main.parameters.json')).toContain(`\${${name}=`);
  });
});

describe('what the runbooks tell somebody to look for', () => {
  const EVENTS = /`((?:signout|signin|refresh|retry|directory|session|operator|sweep|token|storage)\.[a-z-]+)`/g;
  it.each(said(RUNBOOKS, EVENTS))('%s is an event of the log', (event) => {
    expect(read('shared/log/log.ts')).toContain(`'${event}'`);
  });

  it.each(said(RUNBOOKS, /`(exeunt\.[a-z._]+)`/g))('%s is a metric', (name) => {
    expect(Object.keys(INSTRUMENTS)).toContain(name);
  });

  const codes = said(RUNBOOKS, /`([a-z]+(?:_[a-z]+)+)`/g).filter((word) => !FOREIGN.includes(word));
  it.each(codes)('%s is a code of a refusal', (code) => {
    expect(Object.keys(PROBLEMS)).toContain(code);
  });
});
