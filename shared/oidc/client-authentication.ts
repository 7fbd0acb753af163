/** By what the application proves itself to the OP, once its settings have been read. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** `assertionFor` makes one anew, or rejects: signed here, or a managed identity's token. */
  | { readonly kind: 'assertion'; readonly assertionFor: (audience: string) => Promise<string> };

/** A form with what proves whose it is, in its fields or in a header. */
export interface AuthenticatedForm {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: URLSearchParams;
}

/** RFC 7523 section 2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Proves whose a direct request to the OP is, as at its token endpoint. A secret goes in the form, which is what MSAL does
 * there and what a client is registered for (RFC 9126 section 2), unless the OP announces the header alone.
 *
 * @param methods `…_auth_methods_supported` of the endpoint; undefined where the OP does not say
 * @param audience of an assertion
 * @see RFC 6749 section 2.3.1; RFC 7523 section 2.2
 */
export async function authenticated(
  fields: Readonly<Record<string, string>>,
  clientId: string,
  proof: ClientProof,
  { methods, audience }: { readonly methods: readonly string[] | undefined; readonly audience: string },
): Promise<AuthenticatedForm> {
  const form = new URLSearchParams(fields);
  // Beside the header a client id in the form would be a second way to say who asks, which some OPs refuse.
  if (proof.kind === 'secret' && wantsHeader(methods)) {
    return { headers: { authorization: basicCredentials(clientId, proof.secret) }, form };
  }
  form.set('client_id', clientId);
  if (proof.kind === 'assertion') {
    form.set('client_assertion_type', ASSERTION_TYPE);
    form.set('client_assertion', await proof.assertionFor(audience));
  } else {
    form.set('client_secret', proof.secret);
  }
  return { headers: {}, form };
}

/** Whether an endpoint takes a secret in the header and not in the form, going by what the OP announces. */
export function wantsHeader(methods: readonly string[] | undefined): boolean {
  return methods?.includes('client_secret_basic') === true && !methods.includes('client_secret_post');
}

/** RFC 6749 section 2.3.1: both halves are form-encoded first, or a colon in the client id would move the border. */
export function basicCredentials(clientId: string, secret: string): string {
  const pair = [clientId, secret].map((half) => new URLSearchParams([['', half]]).toString().slice(1)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
