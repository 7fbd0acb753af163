import type { BundledPackage } from './bundled-packages.ts';

const RULE = '-'.repeat(80);

/**
 * The comment that ends a bundle: which packages it has code of, and the texts that their licences want to go with every copy.
 * A text that several have is there once.
 */
export function noticesOf(packages: readonly BundledPackage[]): string {
  const byTexts = Map.groupBy(packages, ({ texts }) => texts.join('\n\n'));
  const sections = [...byTexts].map(([text, those]) => `${those.map(nameOf).join('\n')}\n\n${text || statedBy(those)}`);
  const whole = ['This file has code of these packages, each under its licence:', ...sections].join(`\n${RULE}\n`);
  return packages.length === 0 ? '' : `/*!\n${whole.replaceAll('*/', '* /')}\n*/\n`;
}

const nameOf = ({ name, version, licence }: BundledPackage) => `${name} ${version} (${licence})`;

/** Of those that come without a text: all that they say. */
function statedBy(packages: readonly BundledPackage[]): string {
  const authors = new Set(packages.map(({ author }) => author).filter((author) => author !== null));
  return ['Stated in package.json alone, without a text.', ...[...authors].map((author) => `By ${author}.`)].join(' ');
}
