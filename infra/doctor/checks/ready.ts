import { DOORS } from '../../../functions/doors/doors.ts';
import type { Asked } from '../asked.ts';
import { type Check, type Finding, ok, unknown, warn, wrong } from '../finding.ts';
import { objectIn } from '../reply.ts';
import { describe, judgeAnswer } from './answered.ts';

const HOW_STORAGE =
  "Look at the role of the app's identity on the tables' storage account (Storage Table Data Contributor), its firewall and private endpoint, and `TABLES_ENDPOINT`.";
const HOW_OP =
  'Open `AUTH_METADATA_URL`, or the discovery document under `AUTH_AUTHORITY`, from where the application runs; see its outbound network and DNS.';

export const READY_CHECKS: readonly Check[] = [
  {
    id: 'ready',
    about: "`/health/ready`: storage and the OP's metadata can be had by the application",
    doc: 'docs/errors.md#anywhere',
    of: 'application',
    judge: ({ ready }) =>
      judgeAnswer(ready, (answer) => {
        if (answer.status === 200) return ok('Storage and OP can be had.');
        const parts = partsOf(objectIn(answer)?.parts);
        if (parts.length === 0) return wrong(`It is not ready, and answers ${describe(answer)}.`, 'See its log.');
        const todo = [parts.includes('storage') ? HOW_STORAGE : '', parts.includes('op') ? HOW_OP : '']
          .join(' ')
          .trim();
        return wrong(`The application cannot reach: ${parts.join(', ')}.`, todo);
      }),
  },
  {
    id: 'doors',
    about: 'which doors are open, as the application says; that the operator door is open or closed as it says',
    doc: 'README.md#doors',
    of: 'application',
    judge: judgeDoors,
  },
  {
    id: 'session-keys',
    about:
      'by their ids, which key seals and which open at the instance that answered: a change that nobody made is told by `--every`',
    doc: 'docs/doctor.md#session-keys',
    of: 'application',
    judge: ({ ready }) => judgeAnswer(ready, (answer) => judgeKeys(objectIn(answer)?.sessionKeys)),
  },
  {
    id: 'sid',
    about:
      'the ID token of the last sign-in at the instance that answered carried `sid` and `login_hint`; nobody signed in there yet: unknown',
    doc: 'docs/doctor.md#sid',
    of: 'web',
    judge: ({ ready }) => judgeAnswer(ready, (answer) => judgeLastSignin(objectIn(answer)?.lastSignin)),
  },
];

function judgeDoors({ ready, operator }: Asked): Finding {
  return judgeAnswer(ready, (answer) => {
    const open = doorsOf(objectIn(answer)?.doors);
    if (open === null) return unknown('It does not say which doors are open.');
    const closed = DOORS.map(({ door }) => door).filter((door) => !open.includes(door));
    const says = `Open: ${open.join(', ') || 'none'}. Closed: ${closed.join(', ') || 'none'}.`;
    if (operator.kind !== 'answered') return ok(says);
    const isThere = operator.status === 401;
    if (isThere === open.includes('operator')) return ok(says);
    const todo = 'Have all instances run the same settings; see what in front takes `/operator` away.';
    return warn(`${says} But the operator door answers ${describe(operator)}.`, todo);
  });
}

/** The known doors among what the application says are open; null where it says nothing of them. */
export function doorsOf(value: unknown): string[] | null {
  if (!Array.isArray(value)) return null;
  return DOORS.map(({ door }) => door as string).filter((door) => value.includes(door));
}

function partsOf(value: unknown): string[] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return parts.filter(([name, state]) => ['storage', 'op'].includes(name) && state !== 'ready').map(([name]) => name);
}

const KEY_ID = /^[\w.-]{1,64}$/;

function judgeKeys(value: unknown): Finding {
  const { seals, opens } = (value ?? {}) as { seals?: unknown; opens?: unknown };
  const opening = Array.isArray(opens) ? opens.filter((id) => typeof id === 'string' && KEY_ID.test(id)) : [];
  if (typeof seals !== 'string' || !KEY_ID.test(seals) || opening.length === 0)
    return unknown('It does not say which they are.');
  return ok(`Seals: ${seals}. Open: ${opening.join(', ')}.`);
}

const HOW_CLAIMS =
  'Add the optional ID token claims `sid` and `login_hint` to the app registration (Token configuration).';

function judgeLastSignin(value: unknown): Finding {
  const { sid, loginHint } = (value ?? {}) as { sid?: unknown; loginHint?: unknown };
  switch (sid) {
    case 'id_token':
      if (loginHint === true) return ok('The last sign-in brought `sid` and `login_hint`.');
      return warn(
        'The last sign-in brought no `login_hint`: at a sign-out the OP asks people which account.',
        HOW_CLAIMS,
      );
    case 'session_state':
      return warn(
        'The last sign-in brought no `sid` in its ID token; `session_state` of the callback, which is not signed, stands in for it.',
        HOW_CLAIMS,
      );
    case 'nowhere':
      return wrong(
        'The last sign-in brought no `sid`: a sign-out in another application ends nothing here.',
        HOW_CLAIMS,
      );
    default:
      return unknown('Nobody has signed in yet at the instance that answered.', 'Sign in once, and ask again.');
  }
}
