/** `node local/errors.ts`: writes docs/errors.md anew from the registry of problems. A test fails where it is out of date. */
import { writeFileSync } from 'node:fs';
import { renderErrors } from './errors/render.ts';

writeFileSync('docs/errors.md', renderErrors());
