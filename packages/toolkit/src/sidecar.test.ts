import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockingDisk, type Disk, threadedDisk } from '@aigc-label/files';
import { exiftoolDump } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLabeler, createPropagator, createVerifier, repairFile, sidecarPathOf } from './index.ts';

const PRODUCER = '001191110000MA0000000H10001';
const labeler = createLabeler({ ContentProducer: PRODUCER });
const verifier = createVerifier();

/** What photo programs put beside a picture: structures, lists, history, alternatives of languages. None of it is ours. */
const DARKROOM = `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:darktable="http://darktable.sf.net/"
    xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"
   xmp:Rating="3"
   xmpMM:DerivedFrom="table.csv"
   darktable:xmp_version="5"
   darktable:auto_presets_applied="1">
   <dc:subject><rdf:Bag><rdf:li>Körper</rdf:li><rdf:li>山水</rdf:li></rdf:Bag></dc:subject>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title &amp; more</rdf:li></rdf:Alt></dc:title>
   <darktable:history>
    <rdf:Seq>
     <rdf:li darktable:num="0" darktable:operation="colorin" darktable:enabled="1" darktable:params="gz48eJzjZGBgYGeAgAZ7"/>
     <rdf:li darktable:num="1" darktable:operation="gamma" darktable:enabled="1" darktable:params="0000000000000000"/>
    </rdf:Seq>
   </darktable:history>
   <xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:changed="/metadata"/></rdf:Seq></xmpMM:History>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigc-label-sidecar-'));
  put('table.csv', CONTENT);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONTENT = 'name,words\na,"x, y"\n';
const at = (name: string): string => join(folder, name);
const put = (name: string, text: string): void => writeFileSync(at(name), text);
const text = (name: string): string => readFileSync(at(name), 'utf8');
const names = (): readonly string[] => readdirSync(folder).sort();
const label = (input = 'table.csv', output = input, options = {}) => labeler.labelFile(at(input), at(output), options);
const verdict = async (name = 'table.csv') => {
  const { integrity, isConformant, action, label: said } = await verifier.verifyFile(at(name));
  return { integrity, isConformant, action, number: said?.ProduceID ?? null };
};

describe('a file that cannot hold a label', () => {
  it('has it beside it, is verified and inspected with it, and is not touched', async () => {
    const { sidecar, outcome, label: said } = await label();
    expect({ sidecar, outcome }).toEqual({ sidecar: sidecarPathOf(at('table.csv')), outcome: 'labelled' });
    expect(text('table.csv')).toBe(CONTENT);
    expect(await verdict()).toEqual({ integrity: 'unsigned', isConformant: true, action: 'generated', number: said.ProduceID });
    const { findings } = await verifier.inspectFile(at('table.csv'));
    expect(findings).toMatchObject([{ site: 'sidecar/xmp/TC260:AIGC', isGuidePlace: true, label: said }]);
    const before = statSync(at('table.csv.xmp')).ino;
    expect(await label()).toMatchObject({ outcome: 'unchanged', label: said });
    expect(statSync(at('table.csv.xmp')).ino).toBe(before);
    expect(names()).toEqual(['table.csv', 'table.csv.xmp']);
  });

  it('takes it along into another file', async () => {
    const { label: said } = await label();
    await label('table.csv', 'out.csv');
    expect((await verdict('out.csv')).number).toBe(said.ProduceID);
    await createPropagator({ ContentPropagator: 'Platform' }).propagateFile(at('table.csv'), at('spread.csv'));
    expect((await verifier.verifyFile(at('spread.csv'))).label).toEqual({ ...said, ContentPropagator: 'Platform', PropagateID: expect.any(String) });
    await repairFile(at('spread.csv'), at('repaired.csv'));
    expect(text('repaired.csv.xmp')).toBe(text('spread.csv.xmp'));
  });

  it('gives a sidecar the permissions of the file, and one that stands there keeps its own', async () => {
    chmodSync(at('table.csv'), 0o640);
    await label();
    expect(statSync(at('table.csv.xmp')).mode & 0o777).toBe(0o640);
    chmodSync(at('table.csv.xmp'), 0o604);
    await label('table.csv', 'table.csv', { Label: '2' });
    expect(statSync(at('table.csv.xmp')).mode & 0o777).toBe(0o604);
  });
});

describe('what stands in a sidecar already', () => {
  it('stays: the metadata of a photo program, as another tool reads it', async () => {
    put('table.csv.xmp', DARKROOM);
    const foreign = async (): Promise<unknown> =>
      Object.entries(await exiftoolDump(at('table.csv.xmp'))).filter(([key]) => !/TC260|ContentDigest/.test(key));
    const before = await foreign();
    expect(JSON.stringify(before)).toContain('山水');
    await label();
    expect(await foreign()).toEqual(before);
    expect(await verdict()).toMatchObject({ isConformant: true });
    expect(text('table.csv.xmp')).toContain('darktable:params="gz48eJzjZGBgYGeAgAZ7"');
    expect(await label()).toMatchObject({ outcome: 'unchanged' });
  });

  it('is a label without a digest: it counts, stands wrong, and is repaired', async () => {
    await label();
    put(
      'table.csv.xmp',
      text('table.csv.xmp').replaceAll(/<sidecar:ContentDigest>[^<]*<\/sidecar:ContentDigest>|sidecar:ContentDigest="[^"]*"/g, ''),
    );
    expect(text('table.csv.xmp')).not.toContain('sha-256');
    expect(await verdict()).toMatchObject({ integrity: 'unsigned', isConformant: false });
    await repairFile(at('table.csv'), at('table.csv'));
    expect(await verdict()).toMatchObject({ isConformant: true });
  });

  it('is left over from before there was a place inside: the label inside counts alone', async () => {
    put('a.json', '[1]');
    await label('a.json');
    put('a.json', '{"a": [1]}');
    const rebind = (): void => {
      const digest = createHash('sha256').update(text('a.json')).digest('hex');
      put('a.json.xmp', text('a.json.xmp').replaceAll(/sha-256:[0-9a-f]+/g, `sha-256:${digest}`));
    };
    rebind();
    expect(await verdict('a.json')).toMatchObject({ isConformant: true });
    const { label: said } = await createPropagator({ ContentPropagator: 'Platform' }).propagateFile(at('a.json'), at('a.json'));
    expect(JSON.parse(text('a.json'))).toEqual({ AIGC: said, a: [1] });
    rebind();
    expect(await verdict('a.json')).toMatchObject({ integrity: 'unsigned', isConformant: true });
    expect((await verifier.inspectFile(at('a.json'))).findings).toHaveLength(2);
  });

  it('belongs to other content: it says nothing, is a trace, and is replaced by what is said now', async () => {
    const first = await label();
    put('table.csv', `${CONTENT}b,z\n`);
    expect(await verdict()).toEqual({ integrity: 'absent', isConformant: false, action: 'suspected', number: null });
    expect(await verifier.inspectFile(at('table.csv'))).toMatchObject({ findings: [], anomalies: [{ code: 'foreign_sidecar' }] });
    await expect(repairFile(at('table.csv'), at('table.csv'))).rejects.toMatchObject({ code: 'NOTHING_TO_REPAIR' });
    const second = await label();
    expect(second.label.ProduceID).not.toBe(first.label.ProduceID);
    expect(await verdict()).toMatchObject({ isConformant: true, number: second.label.ProduceID });
    expect(text('table.csv.xmp').match(/TC260:AIGC>/g)).toHaveLength(2);
  });

  it('is another program’s word for other bytes: a platform suspects it, as its verdict says', async () => {
    await label();
    put('table.csv', `${CONTENT}b,z\n`);
    const { propagateFile } = createPropagator({ ContentPropagator: 'Platform' });
    expect((await propagateFile(at('table.csv'), at('out.csv'))).label).toMatchObject({
      Label: '3',
      ContentProducer: '',
      ContentPropagator: 'Platform',
    });
  });

  it.each([
    ['no XML', 'not at all <', 'malformed'],
    ['another XML', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'absent'],
  ])('is %s: refused, and kept', async (_, bytes, verdictOf) => {
    put('table.csv.xmp', bytes);
    await expect(label()).rejects.toMatchObject({ code: 'FILE_DAMAGED', message: expect.stringContaining('sidecar'), data: { site: 'sidecar/xmp' } });
    expect(text('table.csv.xmp')).toBe(bytes);
    expect((await verifier.verifyFile(at('table.csv'))).integrity).toBe(verdictOf);
    expect(names()).toEqual(['table.csv', 'table.csv.xmp']);
  });
});

it('an empty sidecar is filled', async () => {
  put('table.csv.xmp', '');
  await label();
  expect(await verdict()).toMatchObject({ isConformant: true });
});

describe('a place that is taken', () => {
  it('by a file too large to be a sidecar: kept, and told of', async () => {
    put('table.csv.xmp', 'x');
    truncateSync(at('table.csv.xmp'), 20 << 20);
    for (const options of [{}, { isDryRun: true }]) {
      await expect(label('table.csv', 'table.csv', options)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED', data: { site: 'sidecar' } });
    }
    expect(statSync(at('table.csv.xmp')).size).toBe(20 << 20);
    expect(await verifier.verifyFile(at('table.csv'))).toMatchObject({ integrity: 'unsupported', anomalies: [{ code: 'limit', site: 'sidecar' }] });
    expect(await verifier.inspectFile(at('table.csv'))).toMatchObject({ findings: [], anomalies: [{ code: 'limit', site: 'sidecar' }] });
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a link to nothing', (path: string) => symlinkSync('nowhere', path)],
    ['a link to a file', (path: string) => symlinkSync('other.xmp', path)],
  ])('by %s: kept, and told of', async (_, make) => {
    put('other.xmp', DARKROOM);
    make(at('table.csv.xmp'));
    for (const [output, options] of [
      ['table.csv', {}],
      ['table.csv', { isDryRun: true }],
    ] as const) {
      await expect(label('table.csv', output, options)).rejects.toMatchObject({
        code: 'NOT_A_FILE',
        data: { path: at('table.csv.xmp'), isSidecar: true },
      });
    }
    make(at('out.csv.xmp'));
    await expect(label('table.csv', 'out.csv', { mayReplace: true })).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    expect(lstatSync(at('table.csv.xmp')).isFile()).toBe(false);
    expect(text('other.xmp')).toBe(DARKROOM);
    expect(await verdict()).toMatchObject({ integrity: 'absent' });
    expect(names()).toEqual(['other.xmp', 'out.csv.xmp', 'table.csv', 'table.csv.xmp']);
  });

  it('by somebody’s sidecar without its file: kept, unless it may be replaced', async () => {
    put('out.csv.xmp', DARKROOM);
    for (const options of [{}, { isDryRun: true }]) {
      await expect(label('table.csv', 'out.csv', options)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS', data: { path: at('out.csv.xmp') } });
    }
    expect(text('out.csv.xmp')).toBe(DARKROOM);
    expect(names()).toEqual(['out.csv.xmp', 'table.csv']);
    await label('table.csv', 'out.csv', { mayReplace: true });
    expect(await verdict('out.csv')).toMatchObject({ isConformant: true });
  });

  it('by what a killed run left, which got no further than to the sidecar: replaced', async () => {
    await label('table.csv', 'out.csv');
    rmSync(at('out.csv'));
    const { label: said } = await label('table.csv', 'out.csv');
    expect(await verdict('out.csv')).toMatchObject({ isConformant: true, number: said.ProduceID });
  });

  it('by one that changes between being read and being replaced: kept', async () => {
    put('table.csv.xmp', DARKROOM);
    let reads = 0;
    const spy = vi.spyOn(threadedDisk, 'read').mockImplementation((file, target, offset) => {
      const count = readSync(file, target, 0, target.length, offset);
      reads += 1;
      put('table.csv.xmp', DARKROOM.replace('Rating="3"', `Rating="${reads % 5}"`));
      return count;
    });
    try {
      await expect(label()).rejects.toMatchObject({ code: 'SOURCE_CHANGED', data: { path: at('table.csv.xmp') } });
    } finally {
      spy.mockRestore();
    }
    expect(text('table.csv.xmp')).not.toContain('AIGC');
  });
});

describe('a name that leaves no room for .xmp', () => {
  const long = `${'字'.repeat(83)}.csv`;

  it('is refused with a sentence that says so, and nothing is left; verifying it is no error', async () => {
    expect(Buffer.byteLength(long)).toBe(253);
    put(long, CONTENT);
    for (const options of [{}, { isDryRun: true }]) {
      await expect(label(long, long, options)).rejects.toMatchObject({ code: 'IO_FAILED', data: { systemCode: 'ENAMETOOLONG' } });
      await expect(label('table.csv', long, { ...options, mayReplace: true })).rejects.toThrow('a shorter name');
    }
    expect(names()).toEqual([...['table.csv', long]].sort());
    expect(await verdict(long)).toMatchObject({ integrity: 'absent' });
    expect((await verifier.inspectFile(at(long))).findings).toEqual([]);
    await label(long, 'short.csv');
    expect(await verdict('short.csv')).toMatchObject({ isConformant: true });
  });
});

type Call = keyof Disk;
const CALLS: readonly Call[] = ['open', 'read', 'write', 'writeParts', 'close', 'link', 'rename', 'unlink', 'sync'];

/** Lets the call number `fails` of all calls of all disks go wrong. */
const failing = (fails: number, code: string): { readonly failed: () => Call | undefined; readonly restore: () => void } => {
  let count = 0;
  let failed: Call | undefined;
  for (const disk of [blockingDisk, threadedDisk]) {
    for (const name of CALLS) {
      const call = disk[name] as (...args: readonly unknown[]) => unknown;
      vi.spyOn(disk as unknown as Record<string, (...args: readonly unknown[]) => unknown>, name).mockImplementation((...args) => {
        count += 1;
        if (count - 1 === fails) {
          failed = name;
          throw Object.assign(new Error(`${code}: ${name}`), { code });
        }
        return call(...args);
      });
    }
  }
  return { failed: () => failed, restore: () => vi.restoreAllMocks() };
};

describe('a fault at every call of the disk', () => {
  const before = `${DARKROOM}<!-- before -->`;
  const cases = [
    { name: 'into a new file', output: 'out.csv', present: undefined, options: {} },
    { name: 'over a file and its sidecar', output: 'out.csv', present: before, options: { mayReplace: true } },
    { name: 'in place, without a sidecar', output: 'table.csv', present: undefined, options: {} },
    { name: 'in place, with one', output: 'table.csv', present: before, options: {} },
  ] as const;

  it.each(cases.flatMap((one) => ['ENOSPC', 'EIO'].map((code) => ({ ...one, code }))))(
    '$code $name: a label or none, never half of it',
    async (one) => {
      const { output, present, options, code } = one;
      const isInPlace = output === 'table.csv';
      const seen = new Set<Call>();
      for (let fails = 0; ; fails += 1) {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
        put('table.csv', CONTENT);
        if (present !== undefined) {
          put(`${output}.xmp`, present);
          put(output, isInPlace ? CONTENT : 'old,content\n');
        }
        const disks = failing(fails, code);
        const error = await label('table.csv', output, options).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        disks.restore();
        expect(text('table.csv')).toBe(CONTENT);
        expect(names().filter((name) => name.startsWith('.'))).toEqual([]);
        if (disks.failed() === undefined) {
          expect(error).toBeUndefined();
          expect(await verdict(output)).toMatchObject({ isConformant: true });
          break;
        }
        seen.add(disks.failed() as Call);
        // A sidecar that cannot be read may be of another user or disk: an error, too.
        expect(error, `${disks.failed()} number ${fails}`).toMatchObject({ name: 'LabelError' });
        const isThere = names().includes(output) && text(output) === CONTENT;
        const sidecar = names().includes(`${output}.xmp`) ? text(`${output}.xmp`) : undefined;
        if (sidecar !== present) {
          // The disk failed when both stood: whole, and belonging to each other.
          expect(isThere, `${disks.failed()} number ${fails}`).toBe(true);
          expect(await verdict(output)).toMatchObject({ isConformant: true });
        } else if (!isInPlace) {
          expect(isThere, `${disks.failed()} number ${fails}: a file without its label`).toBe(false);
          expect(names().includes(output) ? text(output) : undefined).toBe(present === undefined ? undefined : 'old,content\n');
        }
      }
      expect([...seen]).toEqual(expect.arrayContaining(['open', 'read', 'write', 'close', 'sync', present === undefined ? 'link' : 'rename']));
    },
  );
});
