import { type ByteRange, type ContentPart, type ContentPiece, utf8 } from '@aigc-label/core';

/** Parts with names of their own; a file with more of them than a picture has is not told apart any further. */
export const MAXIMUM_PARTS = 256;
/** The name of the part that holds what comes after these. */
const REST = 'rest';

interface GrowingPart {
  readonly name: string;
  readonly kind: string;
  readonly pieces: ContentPiece[];
  isPerceived: boolean;
}

/** Gathers parts in the order of the file (spec/content/image.md §1). */
export interface PartsBuilder {
  /** What follows what was added before. Neighbours of one kind make one part; a kind that comes again gets a number: `APP2`, `DQT`, `APP2[1]`. */
  add(kind: string, piece: ContentPiece, isPerceived?: boolean): void;
  finish(): readonly ContentPart[];
}

/** Parts of a file, a stretch after the other; stretches that touch are read as one. */
export const buildParts = (): PartsBuilder => {
  const parts: GrowingPart[] = [];
  const counts = new Map<string, number>();
  const partFor = (kind: string): GrowingPart => {
    const last = parts.at(-1);
    if (last !== undefined && (last.kind === kind || parts.length > MAXIMUM_PARTS)) {
      return last;
    }
    const isFull = parts.length === MAXIMUM_PARTS;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    const part: GrowingPart = { name: isFull ? REST : count === 0 ? kind : `${kind}[${count}]`, kind, pieces: [], isPerceived: isFull };
    parts.push(part);
    return part;
  };
  return {
    add(kind, piece, isPerceived = false) {
      if (!(piece instanceof Uint8Array) && piece.end <= piece.start) {
        return;
      }
      const part = partFor(kind);
      part.isPerceived ||= isPerceived;
      const last = part.pieces.at(-1);
      if (last === undefined || last instanceof Uint8Array || piece instanceof Uint8Array || last.end !== piece.start) {
        part.pieces.push(piece);
      } else {
        part.pieces[part.pieces.length - 1] = { start: last.start, end: piece.end };
      }
    },
    finish: () => parts.map(({ name, pieces, isPerceived }) => ({ name, pieces, ...(isPerceived ? { isPerceived } : {}) })),
  };
};

/** A carrier behind the others; carriers that touch are one. */
export const addCarrier = (carriers: ByteRange[], { start, end }: ByteRange): void => {
  const last = carriers.at(-1);
  if (last !== undefined && last.end === start) {
    carriers[carriers.length - 1] = { start: last.start, end };
  } else if (end > start) {
    carriers.push({ start, end });
  }
};

/** The values of the carriers that steer rendering, in the order of the carriers; always there, so that a carrier that says nothing of it can come and go. */
export const renderingPart = (exif: readonly string[], xmp: readonly string[]): ContentPart => {
  const lines = [
    ...exif.map((value, index) => (value === '' ? '' : `Exif ${index} ${value}\n`)),
    ...xmp.map((value) => (value === '' ? '' : `XMP ${value}\n`)),
  ];
  return { name: 'rendering', pieces: [utf8(lines.join(''))] };
};
