/** `node local/readme.ts`: writes the README's tables of doors, endpoints and settings anew. A test fails where they are out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { renderReadme } from './readme/render.ts';

writeFileSync('README.md', renderReadme(readFileSync('README.md', 'utf8')));
