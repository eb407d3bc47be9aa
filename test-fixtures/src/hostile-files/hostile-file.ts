import type { Report } from '@aigc-label/core';

/** A file that is made to do harm (spec/provenance.md §4.4), and the verdicts that are right for it. */
export interface HostileFile {
  /** The row of the catalogue, in a few words: `iTXt deflate bomb`. */
  readonly name: string;
  /** Id of the format that has to answer, or `null` where none claims it. */
  readonly format: string | null;
  readonly bytes: () => Uint8Array;
  /** What `Report.integrity` may be. */
  readonly integrity: readonly Report['integrity'][];
}
