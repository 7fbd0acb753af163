import { readFileSync } from 'node:fs';
import type { OpMetadata } from '../../shared/oidc/metadata.ts';

/** What subjects and upstream know of the stage beside their environment: too much for that. */
export interface StageFile {
  readonly op: {
    readonly authority: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly metadata: OpMetadata;
  };
  /** The floor's cookie key, base64. */
  readonly cookieKey: string;
  /** What `express-session` signs its cookie with. */
  readonly cookieSecret: string;
  readonly users: readonly {
    readonly id: string;
    readonly sessionId: string;
    readonly accessToken: string;
  }[];
}

/** Names that file in a process's environment. */
export const STAGE_FILE = 'BENCH_STAGE_FILE';
/** Where the downstream API is, likewise. */
export const UPSTREAM_ORIGIN = 'BENCH_UPSTREAM_ORIGIN';

export function readStageFile(): StageFile {
  return JSON.parse(readFileSync(process.env[STAGE_FILE] ?? '', 'utf8'));
}
