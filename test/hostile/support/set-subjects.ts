import fc from 'fast-check';
import { word } from './hostile-token.ts';

/** By what the victim is known. */
export interface Names {
  readonly email: string;
  readonly sub: string;
  readonly issuer: string;
}

const asSubject = (sub_id: fc.Arbitrary<unknown>) => sub_id.map((value) => () => ({ sub_id: value }));

export const unknownSubjects = ({ email, sub, issuer }: Names) =>
  asSubject(
    fc.oneof(
      word.map((format) => ({ format, iss: issuer, sub })),
      fc
        .constantFrom('ISS_SUB', 'iss_sub ', 'iss-sub', 'issuer_subject')
        .map((format) => ({ format, iss: issuer, sub })),
      fc.constantFrom<unknown>(
        { format: 'email', email },
        { format: 'complex', user: { format: 'email', email } },
        { format: 'account', uri: `acct:${email}` },
        { format: 'aliases', identifiers: [{ format: 'iss_sub', iss: issuer, sub }] },
        { format: 'opaque', id: sub },
        { format: 'complex', tenant: { format: 'iss_sub', iss: issuer, sub } },
        { format: 'complex', user: { format: 'complex', user: { format: 'iss_sub', iss: issuer, sub } } },
        { format: 'complex' },
      ),
    ),
  );

export const malformedSubjects = ({ sub, issuer }: Names) =>
  asSubject(
    fc.oneof(
      fc.constantFrom<unknown>(
        undefined,
        null,
        '',
        sub,
        [],
        {},
        { iss: issuer, sub },
        { format: '' },
        { format: null },
      ),
      fc
        .tuple(fc.constantFrom('iss', 'sub'), fc.constantFrom<unknown>(undefined, null, '', 0, [], {}, [sub]))
        .map(([name, value]) => ({ format: 'iss_sub', iss: issuer, sub, [name]: value })),
      fc
        .constantFrom<unknown>(null, '', [], {}, { format: 'iss_sub' }, { format: 'iss_sub', iss: issuer, sub: '' })
        .map((user) => ({ format: 'complex', user })),
      fc
        .constantFrom<unknown>(null, 'session', {}, { format: 'opaque' }, { format: 'opaque', id: '' })
        .map((session) => ({ format: 'complex', session, user: { format: 'iss_sub', iss: issuer, sub } })),
    ),
  );

export const foreignSubjects = ({ sub, issuer }: Names) =>
  asSubject(
    fc
      .oneof(
        word.map((host) => `https://${host}.example/v2.0`),
        fc.constantFrom(
          `${issuer}/`,
          issuer.toUpperCase(),
          ` ${issuer}`,
          issuer.slice(0, -1),
          `${issuer}#`,
          'op.example',
        ),
      )
      .chain((iss) =>
        fc.constantFrom<unknown>(
          { format: 'iss_sub', iss, sub },
          { format: 'complex', user: { format: 'iss_sub', iss, sub } },
        ),
      ),
  );
