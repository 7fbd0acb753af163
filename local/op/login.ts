import { errors, type InteractionResults } from 'oidc-provider';
import { ASKED_SCOPE } from './authorize.ts';
import { consent, unconsented } from './consents.ts';
import { contextsAsked, isEssential } from './contexts.ts';
import { readForm } from './form.ts';
import { consentPage } from './pages/consent-page.ts';
import { messagePage } from './pages/message-page.ts';
import { pickerPage } from './pages/picker-page.ts';
import { proofPage } from './pages/proof-page.ts';
import { CONTEXT_REASON } from './policy.ts';
import { parseScope } from './scopes.ts';
import { applicationOf, type OpContext, type OpState, userOf } from './state.ts';
import type { User } from './types.ts';
import { userOfHint } from './users.ts';

type Interaction = Awaited<ReturnType<OpState['provider']['interactionDetails']>>;

/**
 * The account picker. A `login_hint` that names a test user passes without it (Entra would still ask for a password), unless
 * `prompt=select_account` wants a choice.
 */
export async function login(state: OpState, ctx: OpContext, uid: string): Promise<void> {
  const interaction = await interactionOf(state, ctx);
  if (interaction?.uid !== uid) {
    ctx.status = 400;
    messagePage(ctx, 'This sign-in has expired', ['Go back to the application and sign in again.']);
    return;
  }
  if (interaction.prompt.name === 'consent') return askConsent(state, ctx, interaction);
  if (ctx.method === 'POST') {
    const form = await readForm(ctx);
    const user = userOf(state, form.get('account'));
    if (!user || state.blocked.has(user.oid)) await finish(state, ctx, { error: 'access_denied' });
    else if (form.has('proof')) await prove(state, ctx, interaction, user, form.get('proof') === 'given');
    else await letIn(state, ctx, interaction, user);
    return;
  }
  const { login_hint: hint, prompt } = interaction.params as Record<string, string | undefined>;
  const hinted = userOfHint(state.users, hint);
  if (hinted && !state.blocked.has(hinted.oid) && !prompt?.split(' ').includes('select_account'))
    return letIn(state, ctx, interaction, hinted);
  const { accountId } = interaction.session ?? {};
  const known = userOf(state, accountId);
  if (known && interaction.prompt.reasons.every((reason) => reason === CONTEXT_REASON))
    return letIn(state, ctx, interaction, known);
  pickerPage(ctx, state, applicationName(state, interaction), accountId);
}

const applicationName = (state: OpState, { params }: Interaction): string =>
  applicationOf(state, params.client_id as string | undefined)?.name ?? 'the application';

/** What the person has not consented to yet, and whether they do now. */
async function askConsent(state: OpState, ctx: OpContext, interaction: Interaction): Promise<void> {
  const { params, session } = interaction;
  const application = applicationOf(state, params.client_id as string | undefined);
  const user = userOf(state, session?.accountId);
  if (!application || !user) return finish(state, ctx, { error: 'access_denied' });
  const scopes = unconsented(state, application, user.oid, parseScope(params[ASKED_SCOPE] as string | undefined));
  if (ctx.method !== 'POST') return consentPage(ctx, state, application.name, user.name, scopes);
  if ((await readForm(ctx)).get('consent') !== 'accept') return finish(state, ctx, { error: 'access_denied' });
  consent(state, application, user.oid, scopes);
  await finish(state, ctx, { consent: {} });
}

/** Asks for a proof first where the application wants one. */
async function letIn(state: OpState, ctx: OpContext, interaction: Interaction, user: User): Promise<void> {
  const contexts = contextsAsked(state.dialect, interaction.params);
  if (contexts.length === 0) await finishAs(state, ctx, interaction, user, []);
  else proofPage(ctx, state, applicationName(state, interaction), user, contexts);
}

/** The person has given the proof, or has not. */
async function prove(
  state: OpState,
  ctx: OpContext,
  interaction: Interaction,
  user: User,
  given: boolean,
): Promise<void> {
  if (!given && isEssential(state.dialect, interaction.params))
    return finish(state, ctx, { error: 'unmet_authentication_requirements' });
  await finishAs(state, ctx, interaction, user, given ? contextsAsked(state.dialect, interaction.params) : []);
}

async function interactionOf(state: OpState, ctx: OpContext): Promise<Interaction | undefined> {
  try {
    return await state.provider.interactionDetails(ctx.req, ctx.res);
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined;
    throw error;
  }
}

/**
 * Signs the user in. Where somebody else is signed in, their OP session ends first: the library would send the browser
 * through its own sign-out form, and carry the `sid` of one person over to another if it did not.
 *
 * @param contexts those that this sign-in has met
 */
async function finishAs(
  state: OpState,
  ctx: OpContext,
  interaction: Interaction,
  user: User,
  contexts: readonly string[],
): Promise<void> {
  if (interaction.session && interaction.session.accountId !== user.oid) {
    const session = await state.provider.Session.findByUid(interaction.session.uid);
    await session?.destroy();
    delete interaction.session;
    await interaction.persist();
  }
  const proved = contexts.length > 0 && { acr: contexts.join(' ') };
  const amr = proved ? ['pwd', 'mfa'] : ['pwd'];
  await finish(state, ctx, { login: { accountId: user.oid, amr, ...proved }, select_account: {} });
}

async function finish(state: OpState, ctx: OpContext, result: InteractionResults): Promise<void> {
  const returnTo = await state.provider.interactionResult(ctx.req, ctx.res, result);
  ctx.status = 303;
  ctx.redirect(returnTo);
}
