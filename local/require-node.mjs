// Runs before every script, in whatever Node npm has found: the scripts are TypeScript, which an older Node cannot even read.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `Exeunt needs Node 24 (22.19 or newer works), and this is ${process.versions.node}. "npm ci" installs one for these scripts.`,
  );
  process.exit(1);
}
