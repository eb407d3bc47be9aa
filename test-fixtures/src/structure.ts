/** Where the sizes, counts and offsets of a file stand, and its elements: what a mutator must know to get past the outermost check. */
export interface Structure {
  /** Fields that say how much, how many or where. */
  readonly fields: readonly StructureField[];
  /** Chunks, boxes, frames, entries: stretches that can be doubled, dropped, swapped and nested; they may lie inside each other. */
  readonly elements: readonly { readonly start: number; readonly end: number }[];
}

/** A number that stands in a file. */
export interface StructureField {
  readonly at: number;
  /** In bytes. */
  readonly size: 1 | 2 | 3 | 4 | 8;
  readonly isLittleEndian?: boolean;
  /** Where a text holds the number as decimal or hexadecimal digits; `size` of them are overwritten. */
  readonly isDigits?: boolean;
}

/** Finds the structure of a file by a walk that is not the reader's own; tolerant: what it cannot follow it leaves out, and it never throws. */
export type StructureFinder = (bytes: Uint8Array) => Structure;
