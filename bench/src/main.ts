import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchBadge } from './badge.ts';
import { benchLargeDocuments } from './large-documents.ts';
import { benchLargeFile } from './large-file.ts';
import { benchMetadata } from './metadata.ts';
import { benchProvenance } from './provenance.ts';
import { benchReadClaim } from './read-claim.ts';
import { benchStore } from './store.ts';
import { benchTokenStream } from './token-stream.ts';
import { benchVerify } from './verify.ts';
import { benchVideoNotice } from './video-notice.ts';

/** Every benchmark, in one run; `npm run bench -- metadata` runs one. */
const BENCHES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  metadata: benchMetadata,
  'large-file': benchLargeFile,
  'large-documents': benchLargeDocuments,
  'read-claim': benchReadClaim,
  verify: benchVerify,
  badge: benchBadge,
  'token-stream': benchTokenStream,
  'video-notice': benchVideoNotice,
  store: benchStore,
  provenance: benchProvenance,
};

const wanted = process.argv.slice(2);
const folder = await mkdtemp(join(tmpdir(), 'aigc-label-bench-'));
try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${process.platform}`);
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (wanted.length === 0 || wanted.includes(name)) {
      await bench(folder);
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
