/** A file's text, put into the bundle at build time: a `.ts` bundled and minified for browsers, a `.css` minified, others as they are. */
declare module 'text:*' {
  const text: string;
  export default text;
}
