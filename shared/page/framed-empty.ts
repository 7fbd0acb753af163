/**
 * The empty page in the OP's hidden iframe: valid HTML that loads nothing and says nothing about anybody.
 *
 * @see OpenID Connect Front-Channel Logout 1.0, section 2
 */
export function renderFramedEmpty(): string {
  return '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Sign-out</title></html>\n';
}
