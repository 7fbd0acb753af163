import { errors, type InteractionResults } from 'oidc-provider';
import { readForm } from './form.ts';
import { messagePage } from './pages/message-page.ts';
import { pickerPage } from './pages/picker-page.ts';
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
  if (ctx.method === 'POST') {
    const form = await readForm(ctx);
    const user = userOf(state, form.get('account'));
    if (user && !state.blocked.has(user.oid)) await finishAs(state, ctx, interaction, user);
    else await finish(state, ctx, { error: 'access_denied' });
    return;
  }
  const { client_id: clientId, login_hint: hint, prompt } = interaction.params as Record<string, string | undefined>;
  const hinted = userOfHint(state.users, hint);
  if (hinted && !state.blocked.has(hinted.oid) && !prompt?.split(' ').includes('select_account'))
    return finishAs(state, ctx, interaction, hinted);
  const application = applicationOf(state, clientId);
  pickerPage(ctx, state, application?.name ?? 'the application', interaction.session?.accountId);
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
 */
async function finishAs(state: OpState, ctx: OpContext, interaction: Interaction, user: User): Promise<void> {
  if (interaction.session && interaction.session.accountId !== user.oid) {
    const session = await state.provider.Session.findByUid(interaction.session.uid);
    await session?.destroy();
    delete interaction.session;
    await interaction.persist();
  }
  await finish(state, ctx, { login: { accountId: user.oid, amr: ['pwd'] }, select_account: {} });
}

async function finish(state: OpState, ctx: OpContext, result: InteractionResults): Promise<void> {
  const returnTo = await state.provider.interactionResult(ctx.req, ctx.res, result);
  ctx.status = 303;
  ctx.redirect(returnTo);
}
