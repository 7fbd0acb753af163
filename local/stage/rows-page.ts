/** The page at `/rows`: the three tables, asked for again every second; a row that has gone is seen to go. */
export const ROWS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Stored rows · Exeunt on this machine</title>
<link rel="stylesheet" href="/rows.css">
<script type="module" src="/rows.js"></script>
</head>
<body>
<main>
<h1>Stored rows</h1>
<p>Azure Table Storage (Azurite) as it is at this moment: what somebody who steals the tables would see. Sign in and out in the applications and watch.</p>
<p id="status" role="status"></p>
<div id="tables"></div>
</main>
</body>
</html>
`;

export const ROWS_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1b1b1f, #ececf1); --soft: light-dark(#5c5c66, #a4a4b0);
  --ground: light-dark(#f7f6f3, #17171a); --card: light-dark(#ffffff, #212126); --line: light-dark(#e3e1db, #34343b); --gone: light-dark(#9c2b2b, #ff9d94); }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { color: var(--soft); margin: 0 0 .5rem; max-width: 44rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; margin: 0 0 .6rem; overflow-wrap: anywhere; }
article.gone { color: var(--gone); text-decoration: line-through; opacity: .7; }
code, dl { font: .82rem/1.5 ui-monospace, monospace; } dl { margin: .4rem 0 0; display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: 0 1rem; }
dt { color: var(--soft); } dd { margin: 0; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin: 0 0 .3rem; } }
`;

export const ROWS_SCRIPT = `
const SHOWN_GONE_MILLISECONDS = 4000;
const gone = new Map();
let before = new Map();
const node = (name, text) => { const made = document.createElement(name); if (text !== undefined) made.textContent = text; return made; };
const card = (row, isGone) => {
  const article = node('article');
  article.className = isGone ? 'gone' : '';
  article.append(node('code', row.partitionKey + '  /  ' + row.rowKey));
  const list = node('dl');
  for (const { name, value } of row.properties) list.append(node('dt', name), node('dd', value));
  article.append(list);
  return article;
};
const show = (tables) => {
  const now = new Map();
  for (const [table, rows] of Object.entries(tables)) for (const row of rows) now.set(JSON.stringify([table, row.partitionKey, row.rowKey]), { table, row });
  for (const [key, entry] of before) if (!now.has(key)) gone.set(key, { ...entry, at: Date.now() });
  for (const [key, { at }] of gone) if (now.has(key) || Date.now() - at > SHOWN_GONE_MILLISECONDS) gone.delete(key);
  before = now;
  const sections = Object.entries(tables).map(([table, rows]) => {
    const section = node('section');
    section.append(node('h2', table + ' · ' + rows.length + (rows.length === 1 ? ' row' : ' rows')));
    for (const row of rows) section.append(card(row, false));
    for (const entry of gone.values()) if (entry.table === table) section.append(card(entry.row, true));
    return section;
  });
  document.getElementById('tables').replaceChildren(...sections);
};
const look = async () => {
  try {
    const answer = await fetch('/rows.json');
    if (!answer.ok) throw new Error();
    show(await answer.json());
    document.getElementById('status').textContent = '';
  } catch {
    document.getElementById('status').textContent = 'The storage does not answer.';
  }
  setTimeout(look, 1000);
};
look();
`;
