import { page, refuse } from '../shared/http/answers.ts';
import { browserOrigins } from '../shared/oidc/metadata.ts';
import { renderHome } from '../shared/page/home.ts';
import type { Trigger } from './edge.ts';

/** `GET /`: the built-in page, the same bytes for everybody; who is signed in, it asks itself. */
export const home: Trigger = async ({ application, request }) => {
  const { homePage, applicationName, downstreamApis } = application.settings;
  if (!homePage) return refuse(request, 'not_found', { actions: [] });
  const op = await application.op.get();
  const formActions = 'outcome' in op ? [] : browserOrigins(op.metadata);
  const apis = [...downstreamApis.values()].map(({ name, allow }) => ({ name, routes: allow }));
  return page(200, renderHome({ apis, productName: applicationName }), { formActions });
};
