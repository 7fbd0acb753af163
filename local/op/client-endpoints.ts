import { translated } from './authorize.ts';
import { proveByFederation } from './federated.ts';
import { readForm, replaceForm } from './form.ts';
import { applicationOf, type Next, type OpContext, type OpState } from './state.ts';
import { basicClientId } from './token.ts';

const UNPROVEN = { status: 401, error: 'invalid_client' };

/** Pushed authorization requests (RFC 9126): a request is put into the library's words as it comes in. */
export async function par(state: OpState, ctx: OpContext, next: Next): Promise<void> {
  if (state.par === 'none') return unknown(ctx);
  const failure = await state.faults.meet('par');
  if (failure) return fail(ctx, failure);
  const form = await readForm(ctx);
  const application = applicationOf(state, form.get('client_id') ?? basicClientId(ctx));
  if (application && (await proveByFederation(state, ctx, form, application))) return fail(ctx, UNPROVEN);
  replaceForm(ctx, application ? translated(state, ctx, form, application) : form);
  await next();
  const { request_uri: requestUri } = (ctx.body ?? {}) as { readonly request_uri?: string };
  state.record(requestUri);
}

/** Token revocation (RFC 7009). */
export async function revoke(state: OpState, ctx: OpContext, next: Next): Promise<void> {
  if (state.dialect !== 'standard') return unknown(ctx);
  const failure = await state.faults.meet('revoke');
  const form = await readForm(ctx);
  const token = form.get('token');
  if (token) state.revocations.push({ token, hint: form.get('token_type_hint'), failed: failure !== undefined });
  if (failure) return fail(ctx, failure);
  const application = applicationOf(state, form.get('client_id') ?? basicClientId(ctx));
  if (application && (await proveByFederation(state, ctx, form, application))) return fail(ctx, UNPROVEN);
  replaceForm(ctx, form);
  if (state.revocationReach === 'grant') await next();
  else await state.storage.sparingGrants(next);
}

function fail(ctx: OpContext, { status, error }: { readonly status: number; readonly error: string }): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = { error };
}

function unknown(ctx: OpContext): void {
  ctx.status = 404;
}
