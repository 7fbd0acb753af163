import { type Html, html } from './html.ts';

/** What `*` for a method stands for in the picker. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface HomeApi {
  readonly name: string;
  readonly routes: readonly HomeRoute[];
}

interface HomeRoute {
  readonly method: string;
  readonly pattern: string;
  /** Whether a call of it may lead to a sign-in that proves more. */
  readonly stepUp?: boolean;
}

/** The form that calls an allowed route, and the place of its response; a sentence where no route is allowed. */
export function renderRoutePicker(apis: readonly HomeApi[]): Html {
  const callable = apis.filter(({ routes }) => routes.length > 0);
  if (callable.length === 0) return html`<p class="quiet">No API is configured for this application.</p>`;
  return html`<p class="quiet">This application adds the access token on its way to the API.</p>
<form data-call autocomplete="off">
<div class="field"><label for="route">Route</label><select id="route">${callable.map(renderGroup)}</select></div>
<div class="field" data-path hidden><label for="path">Path</label>
<input id="path" type="text" required pattern="/[^*]*" title="A path that begins with / and has no *" spellcheck="false" autocapitalize="none"></div>
<div class="field" data-body hidden><label for="body">Body (JSON)</label>
<textarea id="body" rows="4" spellcheck="false" autocapitalize="none"></textarea></div>
<button class="button primary">Call</button>
</form>
<section class="response" aria-labelledby="response" data-response hidden>
<h3 id="response">Response</h3>
<p class="outcome"><strong data-status></strong> <span class="quiet" data-duration></span></p>
<pre tabindex="0" aria-labelledby="response" data-text></pre>
</section>`;
}

function renderGroup({ name, routes }: HomeApi): Html {
  return html`<optgroup label="${name}">${routes.flatMap(({ method, pattern, stepUp }) =>
    (method === '*' ? METHODS : [method]).map(
      (each) =>
        html`<option data-api="${name}" data-method="${each}" data-pattern="${pattern}">${each} ${pattern}${stepUp === true ? ' (asks for more)' : ''}</option>`,
    ),
  )}</optgroup>`;
}
