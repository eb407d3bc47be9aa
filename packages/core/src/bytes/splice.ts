/** One edit: at offset `at` of the ORIGINAL, `remove` bytes go and `insert` comes in their place. */
export interface Splice {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** A stretch of the edited file: copied from the original, or new. */
export type Segment =
  | { readonly kind: 'copy'; readonly offset: number; readonly length: number }
  | { readonly kind: 'insert'; readonly bytes: Uint8Array };

/**
 * The edited file as stretches in order; lengths of copied stretches are unbounded, so stream them.
 *
 * Splices may come in any order; those at the same offset keep the order in which they were given.
 * @throws TypeError where splices overlap or leave the file: a Format's own mistake.
 */
export const segmentsOf = (sizeBytes: number, splices: readonly Splice[]): readonly Segment[] => {
  const segments: Segment[] = [];
  let position = 0;
  for (const splice of splices.toSorted((a, b) => a.at - b.at)) {
    if (splice.at < position || splice.remove < 0 || splice.at + splice.remove > sizeBytes) {
      throw new TypeError(`splice at ${splice.at} (-${splice.remove}) overlaps another or leaves the ${sizeBytes} bytes of the file`);
    }
    if (splice.at > position) {
      segments.push({ kind: 'copy', offset: position, length: splice.at - position });
    }
    if (splice.insert.length > 0) {
      segments.push({ kind: 'insert', bytes: splice.insert });
    }
    position = splice.at + splice.remove;
  }
  if (position < sizeBytes) {
    segments.push({ kind: 'copy', offset: position, length: sizeBytes - position });
  }
  return segments;
};

/** The size in bytes of the edited file. */
export const splicedSize = (sizeBytes: number, splices: readonly Splice[]): number =>
  splices.reduce((total, splice) => total + splice.insert.length - splice.remove, sizeBytes);

/** The edited file in memory. Throws as `segmentsOf` does. */
export const applySplices = (bytes: Uint8Array, splices: readonly Splice[]): Uint8Array => {
  const edited = new Uint8Array(splicedSize(bytes.length, splices));
  let position = 0;
  for (const segment of segmentsOf(bytes.length, splices)) {
    const part = segment.kind === 'insert' ? segment.bytes : bytes.subarray(segment.offset, segment.offset + segment.length);
    edited.set(part, position);
    position += part.length;
  }
  return edited;
};
