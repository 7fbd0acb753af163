import { refuse } from '../shared/http/answers.ts';
import type { Answer } from '../shared/http/message.ts';
import type { Unavailable } from '../shared/store/table.ts';
import type { Visit } from './edge.ts';

/** Nobody can say: in the log why, and to whoever asked that it may soon be otherwise. */
export function refuseStorage({ request, log }: Pick<Visit, 'request' | 'log'>, { reason }: Unavailable): Answer {
  log({ event: 'storage.unavailable', reason });
  return refuse(request, 'storage_unavailable', { headers: { 'retry-after': '1' } });
}
