import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Verifier } from 'aigc-label';
import { ExifTool } from 'exiftool-vendored';
import type { C2pa } from './c2pa.ts';
import { row } from './measure.ts';

/** What C2PA's reader says of a file: `Valid`, `Trusted`, `Invalid`, and the codes behind it. */
export interface C2paState {
  readonly state: string;
  readonly codes: readonly string[];
}

interface ManifestJson {
  readonly validation_state?: string;
  readonly validation_results?: { readonly activeManifest?: Readonly<Record<string, readonly { readonly code: string }[]>> };
}

/** The state out of the reader's JSON. */
export const stateOf = (json: string): C2paState => {
  const { validation_state: state = 'none', validation_results: results } = JSON.parse(json) as ManifestJson;
  const { success = [], failure = [] } = results?.activeManifest ?? {};
  return { state, codes: [...success, ...failure].map(({ code }) => code) };
};

/** Prints what both say of the file as it is, with one byte of its picture changed, and with a title that exiftool has added. */
export const checkAgreement = async (
  { name, bytes, path }: { readonly name: string; readonly bytes: Uint8Array; readonly path: string },
  verifier: Verifier,
  c2pa: C2pa,
  folder: string,
): Promise<void> => {
  const copies = { 'as signed': bytes, 'a byte of the scan changed': scanChanged(bytes), 'a title by exiftool': await withTitle(path, folder) };
  console.log(`\nProvenance, ${name}: what both say of copies`);
  row('', 'ours', 'c2pa-wasm', '');
  for (const [copy, changed] of Object.entries(copies)) {
    const { integrity } = await verifier.verifyBytes(changed);
    const { state, codes } = await c2pa.readJpeg(changed, true).then(stateOf, (error: unknown) => ({ state: String(error), codes: [] }));
    row(copy, integrity, state, `  ${codes.filter((code) => /mismatch|invalid/i.test(code)).join(', ')}`);
  }
};

const scanChanged = (bytes: Uint8Array): Uint8Array => {
  const changed = bytes.slice();
  const middle = changed.length >> 1;
  // Neither FF before nor after, so that no marker is made or broken.
  changed[middle] = changed[middle] === 0x55 ? 0x56 : 0x55;
  return changed;
};

const withTitle = async (path: string, folder: string): Promise<Uint8Array> => {
  const exiftool = new ExifTool({ maxProcs: 1 });
  const titled = join(folder, 'titled.jpg');
  try {
    await writeFile(titled, await readFile(path));
    await exiftool.write(titled, { 'XMP-dc:Title': 'A title' } as never, { writeArgs: ['-overwrite_original'] });
    return new Uint8Array(await readFile(titled));
  } finally {
    await exiftool.end();
    await rm(titled, { force: true });
  }
};
