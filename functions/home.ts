import { page, refuse } from '../shared/http/answers.ts';
import { renderHome } from '../shared/page/home.ts';
import { mayAskForMore } from '../shared/settings/step-up.ts';
import type { Trigger } from './edge.ts';
import { opOrigins } from './op-origins.ts';

/** `GET /`: the built-in page, the same bytes for everybody; who is signed in, it asks itself. */
export const home: Trigger = async ({ application, request }) => {
  const { homePage, applicationName, downstreamApis, signoutScope } = application.settings;
  if (!homePage) return refuse(request, 'not_found', { actions: [] });
  const formActions = await opOrigins(application);
  const apis = [...downstreamApis.values()].map((api) => ({
    name: api.name,
    routes: api.allow.map((route) => ({ ...route, stepUp: mayAskForMore(api, route) })),
  }));
  return page(200, renderHome({ apis, applicationName, signoutScope }), { formActions });
};
