import { readFile, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { openKeyFolder } from '@aigc-label/keys';
import { type CertifiedStore, sqliteStore } from '@aigc-label/store';
import {
  createLabeler,
  createVerifier,
  type Labeler,
  type ProvenanceSettings,
  readTrustList,
  type SignatureAlgorithm,
  type TrustList,
  type Verifier,
} from 'aigc-label';
import { type C2pa, startC2pa } from './c2pa.ts';
import { coreRates, type Rate } from './core-rates.ts';
import { row } from './measure.ts';
import { checkAgreement, stateOf } from './provenance-agreement.ts';
import { jpegOfOneMegabyte } from './samples.ts';

const PRODUCER = '001191110000MA0000000H10001';
const ALGORITHMS: readonly SignatureAlgorithm[] = ['Ed25519', 'ES256', 'SM2'];
const ROUNDS = 13;
const WARM_UPS = 4;
const NOT_APPLICABLE = '–';
const OPERATIONS = [
  'label, bytes',
  'label, file',
  'label, file + fsync',
  'the same + SQLite',
  'verify, bytes',
  'verify, file',
  'verify, file + SQLite',
  'c2pa-wasm, no trust list',
  'c2pa-wasm, trust list',
] as const;
const FASTER_RIVAL = 'c2pa-wasm, no trust list';

type Operation = (typeof OPERATIONS)[number];

/** One way of signing, and a file that was labelled with it and then given a C2PA manifest. */
interface Contender {
  readonly name: string;
  readonly signing: ProvenanceSettings;
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly labelledBytes: number;
}

/** Labelling and verifying 1 MB JPEGs with each algorithm, and C2PA's WebAssembly reader on the same files. */
export const benchProvenance = async (folder: string): Promise<void> => {
  const sample = await jpegOfOneMegabyte(folder);
  const plain = new Uint8Array(await readFile(sample.path));
  const c2pa = await startC2pa();
  const { signings, trust } = await makeSignings(folder);
  const store = sqliteStore(join(folder, 'provenance.db'));
  const verifier = createVerifier({ trust });
  const contenders = await Promise.all(signings.map(([name, signing]) => contenderOf(name, signing, plain, folder, c2pa, store)));

  console.log(`\nProvenance, ${sample.name} (${plain.length} bytes): sizes`);
  row('', ...contenders.map(({ name }) => name));
  row('labelled', ...contenders.map(({ labelledBytes }) => `+ ${labelledBytes - plain.length}`));
  row('C2PA manifest on top', ...contenders.map(({ bytes, labelledBytes }) => `+ ${bytes.length - labelledBytes}`));
  for (const contender of contenders) {
    await assertBoth(contender, verifier, createVerifier({ trust, records: store }), c2pa);
  }
  await checkAgreement(contenders[1] as Contender, verifier, c2pa, folder);

  const tables: Readonly<Record<Operation, Rate>>[] = [];
  for (const contender of contenders) {
    tables.push(await measure(contender, sample.path, plain, trust, c2pa, store));
  }
  await store.close();
  console.log(`\nProvenance: a second of one core (a second by the clock), one after another; load ${loadavg()[0]?.toFixed(1)}`);
  row('', ...contenders.map(({ name }) => name));
  for (const operation of OPERATIONS) {
    row(operation, ...tables.map((rates) => textOf(rates[operation])));
  }
  for (const operation of ['label, bytes', 'verify, bytes'] as const) {
    row(`${operation} / c2pa-wasm`, ...tables.map((rates) => ratioOf(rates[operation], rates[FASTER_RIVAL])));
  }
};

const makeSignings = async (
  folder: string,
): Promise<{ readonly signings: readonly (readonly [string, ProvenanceSettings])[]; readonly trust: TrustList }> => {
  const keys = openKeyFolder({ folder: join(folder, 'keys') });
  const signings: [string, ProvenanceSettings][] = [['unsigned', {}]];
  for (const algorithm of ALGORITHMS) {
    const { keyId } = await keys.createKey({ algorithm, names: [PRODUCER] });
    const signer = await keys.openSigner(keyId);
    signings.push([algorithm, { signer, ...(algorithm === 'SM2' ? { signatureProfile: 'tc260' as const } : {}) }]);
  }
  return { signings, trust: await readTrustList(await keys.exportTrust()) };
};

const labelerWith = (signing: ProvenanceSettings, store?: CertifiedStore): Labeler =>
  createLabeler({ ContentProducer: PRODUCER, ...signing, ...(store === undefined ? {} : { records: store }) });

const contenderOf = async (
  name: string,
  signing: ProvenanceSettings,
  plain: Uint8Array,
  folder: string,
  c2pa: C2pa,
  store: CertifiedStore,
): Promise<Contender> => {
  const labelled = (await labelerWith(signing, signing.signer === undefined ? undefined : store).labelBytes(plain)).bytes;
  const bytes = await c2pa.signJpeg(labelled);
  const path = join(folder, `provenance-${name}.jpg`);
  await writeFile(path, bytes);
  return { name, signing, bytes, path, labelledBytes: labelled.length };
};

/** What is measured must be what it says: both find their own signature, and that nothing was changed. */
const assertBoth = async ({ name, signing, bytes }: Contender, verifier: Verifier, recorded: Verifier, c2pa: C2pa): Promise<void> => {
  const isSigned = signing.signer !== undefined;
  const own = await verifier.verifyBytes(bytes);
  const known = await recorded.verifyBytes(bytes);
  const states = [stateOf(await c2pa.readJpeg(bytes, false)), stateOf(await c2pa.readJpeg(bytes, true))];
  if (own.integrity !== (isSigned ? 'verified' : 'unsigned') || (isSigned && known.provenance?.record !== 'known')) {
    throw new Error(`${name}: our verifier says ${own.integrity}, record ${known.provenance?.record}.`);
  }
  if (states[0]?.state !== 'Valid' || states[1]?.state !== 'Trusted' || !states.every(({ codes }) => codes.includes('assertion.dataHash.match'))) {
    throw new Error(`${name}: c2pa-wasm says ${JSON.stringify(states)}.`);
  }
};

const measure = (
  { signing, bytes, path }: Contender,
  input: string,
  plain: Uint8Array,
  trust: TrustList,
  c2pa: C2pa,
  store: CertifiedStore,
): Promise<Readonly<Record<Operation, Rate>>> => {
  const isSigned = signing.signer !== undefined;
  const labeler = labelerWith(signing);
  const recording = labelerWith(signing, store);
  const verifier = createVerifier({ trust });
  const recorded = createVerifier({ trust, records: store });
  const output = `${path}.out`;
  const intoFile = async (by: Labeler, isDurable: boolean): Promise<void> => {
    await by.labelFile(input, output, { isDurable });
    await rm(output);
  };
  const withStore = { 'the same + SQLite': () => intoFile(recording, true), 'verify, file + SQLite': () => recorded.verifyFile(path) };
  return coreRates(
    {
      'label, bytes': () => labeler.labelBytes(plain),
      'label, file': () => intoFile(labeler, false),
      'label, file + fsync': () => intoFile(labeler, true),
      'verify, bytes': () => verifier.verifyBytes(bytes),
      'verify, file': () => verifier.verifyFile(path),
      'c2pa-wasm, no trust list': () => c2pa.readJpeg(bytes, false),
      'c2pa-wasm, trust list': () => c2pa.readJpeg(bytes, true),
      ...(isSigned ? withStore : {}),
    } as Record<Operation, () => Promise<unknown>>,
    ROUNDS,
    WARM_UPS,
  );
};

const textOf = (rate: Rate | undefined): string =>
  rate === undefined ? NOT_APPLICABLE : `${rate.perCoreSecond.toFixed(0)} (${rate.perSecond.toFixed(0)})`;

const ratioOf = (own: Rate, rival: Rate): string =>
  `${(own.perCoreSecond / rival.perCoreSecond).toFixed(1)} × (${(own.perSecond / rival.perSecond).toFixed(1)} ×)`;
