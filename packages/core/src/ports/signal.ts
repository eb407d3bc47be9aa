/**
 * What metadata other than the label says of a file's origin, as anybody can have written it: a trace, never a proof (spec/provenance.md §1.6 rows 15 and 16).
 * `generated_elsewhere` IPTC's or C2PA's digital source type says that a trained algorithm made it, or part of it · `captured_elsewhere` it says that a camera or microphone did ·
 * `c2pa_manifest` a C2PA manifest stands in it, which is not judged here · `emptied_carrier` a place for a label is there, and no label in it.
 */
export type SignalCode = 'generated_elsewhere' | 'captured_elsewhere' | 'c2pa_manifest' | 'emptied_carrier';

/** One such trace. */
export interface Signal {
  readonly code: SignalCode;
  /** In bytes, where it stands. */
  readonly offset: number;
}
