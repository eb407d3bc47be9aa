import { openAsBlob, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createLabeler, createVerifier } from './index.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', ProduceID: 'the-same' });
const verifier = createVerifier();
const samplePath = (name: string): string => fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url));
const sample = async (name: string): Promise<Uint8Array> => new Uint8Array(await readFile(samplePath(name)));
const spooled = (): readonly string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`.aigc-label-${process.pid}-`));
const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> => new Uint8Array(await new Response(stream as never).arrayBuffer());

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Pieces of awkward sizes, an empty one among them. */
function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0, size = 1; start < bytes.length; start += size, size = (size * 7 + 3) % 9_973) {
    yield bytes.subarray(start, start + size);
    yield new Uint8Array();
  }
}

describe.each(['picture.png', 'clip.mp4', 'song.mp3', 'article.md'])('%s from any source', (name) => {
  it('is labelled to the same bytes, and verified to the same report', async () => {
    const bytes = await sample(name);
    const expected = (await labeler.labelBytes(bytes, { name })).bytes;
    const report = await verifier.verifyBytes(expected, { name });
    expect(report.action).toBe('generated');

    const blob = await labeler.labelBlob(await openAsBlob(samplePath(name)), { name });
    expect(isSame(new Uint8Array(await blob.blob.arrayBuffer()), expected)).toBe(true);
    expect(await verifier.verifyBlob(blob.blob, { name })).toEqual(report);

    for (const stream of [Readable.from(pieces(bytes)), new Blob([new Uint8Array(bytes)]).stream(), pieces(bytes)]) {
      const labelled = await labeler.labelStream(stream as Iterable<Uint8Array>, { name });
      expect(labelled).toMatchObject({ outcome: 'labelled', sizeBefore: bytes.length, sizeAfter: expected.length });
      expect(isSame(await bytesOf(labelled.stream), expected)).toBe(true);
    }
    expect(await verifier.verifyStream(Readable.from(pieces(expected)), { name })).toEqual(report);
  });
});

describe('a stream larger than memory is given', () => {
  /** A song with 9 MB of sound. */
  const large = async (): Promise<Uint8Array> => {
    const bytes = await sample('song.mp3');
    return new Uint8Array(Buffer.concat(Array.from({ length: Math.ceil(9_000_000 / bytes.length) }, () => bytes)));
  };

  it('goes over the disk, which is left clean', async () => {
    const bytes = await large();
    const { stream } = await labeler.labelStream(Readable.from(pieces(bytes)));
    expect(spooled()).toHaveLength(1);
    expect(isSame(await bytesOf(stream), (await labeler.labelBytes(bytes)).bytes)).toBe(true);
    expect(spooled()).toEqual([]);
  });

  it('leaves nothing when nobody reads it to its end, when the stream fails, or when the file is refused', async () => {
    const bytes = await large();
    await (await labeler.labelStream(Readable.from(pieces(bytes)))).stream.cancel();
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* pieces(bytes);
      throw new RangeError('the line went dead');
    }
    await expect(labeler.labelStream(failing())).rejects.toThrow('the line went dead');
    await expect(labeler.labelStream([new Uint8Array(9_000_000)])).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
    await verifier.verifyStream([new Uint8Array(9_000_000)]);
    expect(spooled()).toEqual([]);
  });
});

it('a blob may be marked, too', async () => {
  const { blob, mark } = await labeler.labelBlob(new Blob([new Uint8Array(await sample('picture.png'))]), { explicit: true });
  expect(mark).toBe('image-badge');
  expect((await verifier.verifyBlob(blob)).action).toBe('generated');
});
