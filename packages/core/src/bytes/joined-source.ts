import { assertInside, type ByteSource } from './source.ts';

/** A stretch of another source, or bytes at hand. */
export type Piece = Uint8Array | { readonly source: ByteSource; readonly offset: number; readonly length: number };

/** Pieces of one or several sources, one behind the other, as a source: nothing is copied until it is read. */
export const joinedSource = (pieces: readonly Piece[]): ByteSource => {
  const starts: number[] = [];
  let size = 0;
  for (const piece of pieces) {
    starts.push(size);
    size += piece.length;
    if (!(piece instanceof Uint8Array)) {
      assertInside(piece.source.size, piece.offset, piece.length);
    }
  }
  return {
    size,
    async read(offset, length) {
      assertInside(size, offset, length);
      const bytes = new Uint8Array(length);
      for (let index = pieceAt(starts, offset); index < pieces.length && (starts[index] as number) < offset + length; index += 1) {
        const piece = pieces[index] as Piece;
        const start = starts[index] as number;
        const [from, to] = [Math.max(offset, start), Math.min(offset + length, start + piece.length)];
        if (from < to) {
          bytes.set(await partOf(piece, from - start, to - from), from - offset);
        }
      }
      return bytes;
    },
  };
};

/** The last piece that begins at or before an offset. */
const pieceAt = (starts: readonly number[], offset: number): number => {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return Math.max(0, low);
};

const partOf = (piece: Piece, from: number, length: number): Uint8Array | Promise<Uint8Array> =>
  piece instanceof Uint8Array ? piece.subarray(from, from + length) : piece.source.read(piece.offset + from, length);
