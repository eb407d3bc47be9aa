import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

// A thousand are a matter of minutes: node packages/store/scripts/kill-log.mjs FOLDER 1000.
it('a process that is killed while it appends loses nothing that it has promised, and blocks nobody', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
  try {
    const script = fileURLToPath(new URL('../../scripts/kill-log.mjs', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, join(parent, 'log'), '8']);
    expect(stdout).toMatch(/^8 kills: [1-9][0-9]* leaves promised, none lost/);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
});
