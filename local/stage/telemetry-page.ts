/** The page at `/telemetry`: what the applications have counted and where their time went, asked for again every second. */
export const TELEMETRY_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Telemetry · Exeunt on this machine</title>
<link rel="stylesheet" href="/rows.css">
<link rel="stylesheet" href="/telemetry.css">
<script type="module" src="/telemetry.js"></script>
</head>
<body>
<main>
<h1>Telemetry</h1>
<p>What the applications send by OpenTelemetry: the metrics since their start, and the latest spans. In Azure the same goes to Application Insights.</p>
<p id="status" role="status"></p>
<h2>Metrics</h2>
<div class="wide"><table><thead><tr><th scope="col">application</th><th scope="col">instrument</th><th scope="col">attributes</th><th scope="col">value</th></tr></thead><tbody id="points"></tbody></table></div>
<h2>Spans</h2>
<div class="wide"><table><thead><tr><th scope="col">application</th><th scope="col">span</th><th scope="col">attributes</th><th scope="col">ms</th></tr></thead><tbody id="spans"></tbody></table></div>
</main>
</body>
</html>
`;

export const TELEMETRY_STYLE = `
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font: .82rem/1.5 ui-monospace, monospace; background: var(--card); }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border: 1px solid var(--line); }
th { color: var(--soft); } td:last-child, th:last-child { text-align: right; white-space: nowrap; }
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block; } thead { display: none; }
  tr { padding: .4rem .6rem; border: 1px solid var(--line); } tr + tr { border-top: 0; }
  td { padding: 0; border: 0; overflow-wrap: anywhere; } td:empty { display: none; }
  td:nth-child(2) { font-weight: 600; } td:nth-child(1), td:nth-child(3) { color: var(--soft); } td:last-child { text-align: left; }
}
`;

export const TELEMETRY_SCRIPT = `
const row = (...cells) => {
  const made = document.createElement('tr');
  for (const text of cells) { const cell = document.createElement('td'); cell.textContent = text; made.append(cell); }
  return made;
};
const said = (attributes) => Object.entries(attributes).map(([name, value]) => name + '=' + value).join(' ');
const number = (value) => String(Math.round(value * 1000) / 1000);
const valueOf = ({ value, sum, unit }) => sum === undefined ? number(value) : value + ' × ⌀ ' + number(sum / value) + ' ' + unit;
const order = (point) => point.name + point.service + said(point.attributes);
const look = async () => {
  try {
    const answer = await fetch('/telemetry.json');
    if (!answer.ok) throw new Error();
    const { points, spans } = await answer.json();
    points.sort((a, b) => order(a) < order(b) ? -1 : 1);
    document.getElementById('points').replaceChildren(...points.map((point) => row(point.service, point.name, said(point.attributes), valueOf(point))));
    document.getElementById('spans').replaceChildren(...spans.reverse().map((span) => row(span.service, span.name, said(span.attributes), number(span.milliseconds))));
    document.getElementById('status').textContent = points.length === 0 ? 'Nothing has come yet: sign in.' : '';
  } catch {
    document.getElementById('status').textContent = 'No answer.';
  }
  setTimeout(look, 1000);
};
look();
`;
