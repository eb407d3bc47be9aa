import { assertInside, type ByteSource } from './source.ts';
import { type Segment, type Splice, segmentsOf, splicedSize } from './splice.ts';

/** The edited file as a source, without making it: what a reader would see after the splices. */
export const splicedSource = (source: ByteSource, splices: readonly Splice[]): ByteSource => {
  const placed = place(segmentsOf(source.size, splices));
  const size = splicedSize(source.size, splices);
  return {
    size,
    async read(offset, length) {
      assertInside(size, offset, length);
      const bytes = new Uint8Array(length);
      for (const { start, end, segment } of placed) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + length, end);
        if (from < to) {
          bytes.set(await part(source, segment, from - start, to - from), from - offset);
        }
      }
      return bytes;
    },
  };
};

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly segment: Segment;
}

const place = (segments: readonly Segment[]): readonly Placed[] => {
  let start = 0;
  return segments.map((segment) => {
    const end = start + (segment.kind === 'insert' ? segment.bytes.length : segment.length);
    const placed = { start, end, segment };
    start = end;
    return placed;
  });
};

const part = (source: ByteSource, segment: Segment, from: number, length: number): Uint8Array | Promise<Uint8Array> =>
  segment.kind === 'insert' ? segment.bytes.subarray(from, from + length) : source.read(segment.offset + from, length);
