#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`aigc-label needs Node 20.19 or later; this is ${process.versions.node}. 需要 Node 20.19 或更高版本。`);
  process.exit(10);
}
const { main } = await import('../dist/main.js');
await main(process.argv.slice(2));
