import { call } from '/exeunt.js';
import { type ApiResult, callApi } from './call-api.ts';
import { announce, find } from './dom.ts';

const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** Makes the route picker work. Returns what detaches it: a call in flight is aborted, and its answer shown nowhere. */
export function attachCallForm(form: HTMLFormElement): () => void {
  const abort = new AbortController();
  const route = find<HTMLSelectElement>('#route', form);
  const path = find<HTMLInputElement>('#path', form);
  const body = find<HTMLTextAreaElement>('#body', form);
  const chosen = () => route.selectedOptions[0]?.dataset ?? {};

  const choose = () => {
    const { method = '', pattern = '' } = chosen();
    path.value = pattern.replace(/\/\*\*$/, '') || '/';
    find('[data-path]', form).hidden = !pattern.includes('*');
    find('[data-body]', form).hidden = !METHODS_WITH_BODY.includes(method);
  };
  route.addEventListener('change', choose);
  choose();

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    const { api = '', method = '' } = chosen();
    const text = METHODS_WITH_BODY.includes(method) ? body.value.trim() : '';
    const result = await callApi(call, { api, method, path: path.value, body: text || null }, abort.signal);
    form.ariaBusy = 'false';
    if (result !== null) showResult(result);
  });
  return () => abort.abort();
}

function showResult({ status, ok, durationMs, text }: ApiResult): void {
  const response = find('[data-response]');
  const pre = find('[data-text]', response);
  response.hidden = false;
  find('[data-status]', response).textContent = status;
  find('[data-status]', response).className = ok ? '' : 'failed';
  find('[data-duration]', response).textContent = `${durationMs} ms`;
  pre.hidden = text === '';
  pre.textContent = text;
  announce(`${status}, ${durationMs} milliseconds`);
}
