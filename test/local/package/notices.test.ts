import { describe, expect, it } from '@jest/globals';
import { noticesOf } from '../../../local/bundle/notices.ts';

const some = { version: '1.0.0', licence: 'MIT', author: null, texts: ['MIT\n\nCopyright (c) Ann'] };

describe('the notices at the end of a bundle', () => {
  it('name each package, and have a text that several share once', () => {
    const notices = noticesOf([
      { ...some, name: 'a' },
      { ...some, name: '@x/b' },
      { ...some, name: 'c', texts: ['Other'] },
    ]);
    expect(notices).toMatch(/^\/\*!\n.*\n\*\/\n$/s);
    expect(notices).toContain('\na 1.0.0 (MIT)\n@x/b 1.0.0 (MIT)\n\nMIT\n\nCopyright (c) Ann\n');
    expect(notices).toContain('\nc 1.0.0 (MIT)\n\nOther\n');
    expect(notices.split('Copyright')).toHaveLength(2);
  });

  it('say of a package without a text what it says of itself', () => {
    const notices = noticesOf([{ ...some, name: 'a', author: 'Ann', texts: [] }]);
    expect(notices).toContain('a 1.0.0 (MIT)\n\nStated in package.json alone, without a text. By Ann.\n');
  });

  it('end where they end, whatever is in a text', () => {
    const notices = noticesOf([{ ...some, name: 'a', texts: ['/* x */ throw new Error() /*'] }]);
    expect(notices.indexOf('*/')).toBe(notices.length - 3);
  });

  it('are nothing where there is no package', () => {
    expect(noticesOf([])).toBe('');
  });
});
