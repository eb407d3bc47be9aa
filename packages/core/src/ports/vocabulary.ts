import type { Label } from '../label/label.ts';
import type { Slot, SlotText } from './format.ts';

/** How a label is spelt: which key, which serialisation. Has never seen a container. */
export interface Vocabulary {
  /** Stable: `tc260-aigc`. */
  readonly id: string;
  /** What a Format is to write. */
  encode(label: Label): SlotText;
  /** What a slot says: `undefined` where it is not of this vocabulary, a `Finding` that says so where it is but is damaged. Never throws. */
  decode(slot: Slot): Finding | undefined;
}

/** One label as it stood in the file: a line of evidence. */
export interface Finding {
  readonly vocabulary: string;
  /** Stable path of the place, as the Format gave it. */
  readonly site: string;
  readonly isGuidePlace: boolean;
  /** The text as it stood. */
  readonly raw: string;
  /** `conformant` exactly as the rules ask · `deviating` readable, see `deviations` · `malformed` a label was meant but does not say enough. */
  readonly status: 'conformant' | 'deviating' | 'malformed';
  /** All seven fields, normalised to strings; `null` where `status` is `malformed`. */
  readonly label: Label | null;
  readonly deviations: readonly Deviation[];
}

/** One way in which a label differs from the rules. */
export interface Deviation {
  readonly code: DeviationCode;
  /** The field concerned. */
  readonly field?: string;
}

/** Stable names of deviations; which clause each offends is the regime's matter. */
export type DeviationCode =
  | 'not_json'
  | 'not_an_object'
  | 'too_large'
  | 'duplicate_field'
  | 'wrapped'
  | 'prefixed'
  | 'double_encoded'
  | 'base64'
  | 'not_compact'
  | 'field_order'
  | 'missing_field'
  | 'misspelt_field'
  | 'unknown_field'
  | 'not_a_string'
  | 'empty_field'
  | 'charset'
  | 'label_not_in_enum';
