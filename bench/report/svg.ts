import type { Spread } from '../measure/percentiles.ts';

export interface Bar extends Spread {
  readonly label: string;
}

export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 760;
const MARGIN = 16;
const LABEL_WIDTH = 200;
const VALUE_WIDTH = 48;
const BAR_HEIGHT = 16;
const BAR_STEP = 24;
const HEAD_HEIGHT = 56;
const TITLE_HEIGHT = 26;
const PANEL_GAP = 22;
const LEFT = MARGIN + LABEL_WIDTH;
const SCALE_WIDTH = WIDTH - LEFT - VALUE_WIDTH - MARGIN;

/** Readable on white and on black; nothing is loaded from anywhere. */
const STYLE = [
  'text{font:13px system-ui,sans-serif;fill:#1f2328}',
  '.title{font-weight:600}.small{font-size:12px;fill:#59636e}',
  '.bar{fill:#4493f8}.range{stroke:#1f2328;stroke-width:1.5}.one{stroke:#d1242f;stroke-width:1.5;stroke-dasharray:4 3}',
  '@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}.range{stroke:#f0f6fc}.one{stroke:#f85149}}',
].join('');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * Horizontal bars of ratios, their ranges as whiskers, and a line at one. All panels share a scale.
 *
 * @param title also what the picture says to who cannot see it
 */
export function barChart(title: string, subtitle: string, panels: readonly Panel[]): string {
  const most = Math.max(1, ...panels.flatMap(({ bars }) => bars.map((bar) => bar.most)));
  const x = (value: number): string => (LEFT + (value / most) * SCALE_WIDTH).toFixed(1);
  const lines: string[] = [];
  let y = HEAD_HEIGHT;
  for (const panel of panels) {
    const barsTop = y + TITLE_HEIGHT;
    const height = panel.bars.length * BAR_STEP;
    lines.push(`<text class="title" x="${MARGIN}" y="${y + 14}">${escaped(panel.title)}</text>`);
    lines.push(...panel.bars.flatMap((bar, at) => barAt(bar, barsTop + at * BAR_STEP, x)));
    lines.push(`<line class="one" x1="${x(1)}" x2="${x(1)}" y1="${barsTop - 4}" y2="${barsTop + height - 4}"/>`);
    y = barsTop + height + PANEL_GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="${MARGIN}" y="24">${escaped(title)}</text>`,
    `<text class="small" x="${MARGIN}" y="42">${escaped(subtitle)}</text>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
}

function barAt({ label, median, least, most }: Bar, top: number, x: (value: number) => string): string[] {
  const middle = top + BAR_HEIGHT / 2;
  const width = (Number(x(median)) - LEFT).toFixed(1);
  return [
    `<text x="${LEFT - 8}" y="${middle + 4}" text-anchor="end">${escaped(label)}</text>`,
    `<rect class="bar" x="${LEFT}" y="${top}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>`,
    `<line class="range" x1="${x(least)}" x2="${x(most)}" y1="${middle}" y2="${middle}"/>`,
    `<text class="small" x="${WIDTH - MARGIN}" y="${middle + 4}" text-anchor="end">${median.toFixed(2)}</text>`,
  ];
}
