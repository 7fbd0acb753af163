import { expect, it } from '@jest/globals';
import { countedRevocations } from '../../../shared/telemetry/revocations.ts';
import type { Revoked, TokenClient } from '../../../shared/tokens/token-client.ts';
import { startRecorder } from './recorded.ts';

it('revocations are counted by what became of them, and by nothing that could tell whose they were', async () => {
  const recorder = startRecorder();
  const outcomes: Revoked[] = ['revoked', 'failed', 'revoked'];
  const client = { revocation: 'session', revoke: async () => outcomes.pop() ?? 'failed' } as unknown as TokenClient;
  const counted = countedRevocations(client);
  expect(counted.revocation).toBe('session');
  for (const serialized of ['a', 'b', 'c']) await counted.revoke({ homeAccountId: 'alice', serialized });
  expect(await recorder.metrics()).toEqual({
    'exeunt.revocations{exeunt.outcome=revoked}': 2,
    'exeunt.revocations{exeunt.outcome=failed}': 1,
  });
});
