// 100 files by 100 labels: the signature of a file is verified on that file alone.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFiles } from '../../../test-fixtures/src/corpus.ts';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from '../src/labeler.ts';
import { createVerifier } from '../src/verifier.ts';
import { FILES } from '../test/format-files.ts';

const producer = '001191110000MA0000000H10001';
const COUNT = 100;

interface Candidate {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One file of each format, then real files of the corpus. */
const candidates = async (): Promise<readonly Candidate[]> => {
  const own = await Promise.all(Object.entries(FILES).map(async ([id, [extension, make]]) => ({ name: `${id}.${extension}`, bytes: await make() })));
  const real = corpusFiles()
    .map(({ name, bytes }) => ({ name, bytes: bytes() }))
    .filter(({ bytes }) => bytes.length < 2 << 20);
  const samples = ['picture.png', 'clip.mp4', 'song.mp3', 'article.md'].map((name) => ({
    name: `samples/${name}`,
    bytes: new Uint8Array(readFileSync(new URL(`../../../samples/${name}`, import.meta.url))),
  }));
  return [...own, ...samples, ...real];
};

describe('the transplant matrix', () => {
  it(`${COUNT} × ${COUNT}`, async () => {
    const { signer, trusted } = await testKey([producer]);
    const verifier = createVerifier({ trust: await trustIn(trusted) });
    const labeler = createLabeler({ ContentProducer: producer, signer });
    const seen = new Set<string>();
    const files: (Candidate & { readonly label: Parameters<typeof createLabeler>[0] })[] = [];
    for (const { name, bytes } of await candidates()) {
      const labelled = files.length < COUNT ? await labeler.labelBytes(bytes, { name }).catch(() => undefined) : undefined;
      // exiftool's samples are one picture with the metadata of many cameras: what is the same content is no transplant.
      const { content } =
        (await verifier.verifyBytes(labelled?.bytes ?? bytes, { name, ...(labelled?.sidecar == null ? {} : { sidecar: labelled.sidecar }) }))
          .provenance?.producer ?? {};
      const isNew = content != null && !seen.has(content.hash);
      if (labelled?.outcome === 'labelled' && isNew) {
        seen.add(content.hash);
        files.push({ name, bytes, label: labelled.label });
      }
    }
    expect(files.length).toBe(COUNT);
    const verdicts = { diagonal: new Map<string, number>(), other: new Map<string, number>() };
    const falseAccepts: string[] = [];
    for (const { name, bytes } of files) {
      for (const { name: from, label } of files) {
        const moved = await createLabeler(label).labelBytes(bytes, { name });
        const { integrity, action } = await verifier.verifyBytes(moved.bytes, {
          name,
          ...(moved.sidecar === null ? {} : { sidecar: moved.sidecar }),
        });
        const counts = name === from ? verdicts.diagonal : verdicts.other;
        counts.set(`${integrity} ${action}`, (counts.get(`${integrity} ${action}`) ?? 0) + 1);
        if (name !== from && integrity === 'verified') {
          falseAccepts.push(`${from} on ${name}: ${integrity}`);
        }
      }
    }
    console.log({ diagonal: Object.fromEntries(verdicts.diagonal), other: Object.fromEntries(verdicts.other) });
    expect(falseAccepts).toEqual([]);
    expect(verdicts.diagonal.get('verified generated')).toBe(COUNT);
  });
});
