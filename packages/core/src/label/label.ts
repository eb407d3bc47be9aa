/** The value of the field `Label`: 1 is (属于), 2 may be (可能), 3 is suspected to be (疑似) generated. GB 45438-2025 Annex E. */
export type LabelValue = '1' | '2' | '3';

/** The implicit label (隐式标识): the seven fields of GB 45438-2025 Annex E, under the standard's own names. */
export interface Label {
  readonly Label: LabelValue;
  /** Name or code of the generating service. */
  readonly ContentProducer: string;
  /** The producer's unique number for the content. */
  readonly ProduceID: string;
  /** The producer's own security information; may be empty. */
  readonly ReservedCode1: string;
  /** Name or code of the service that spreads the content; on the first write the producer's (Annex E, note 1). */
  readonly ContentPropagator: string;
  /** The propagator's unique number; on the first write the producer's. */
  readonly PropagateID: string;
  /** The propagator's own security information; may be empty. */
  readonly ReservedCode2: string;
}

/** The fields in the order of Annex E, in which they are always written. */
export const FIELD_NAMES: readonly (keyof Label)[] = [
  'Label',
  'ContentProducer',
  'ProduceID',
  'ReservedCode1',
  'ContentPropagator',
  'PropagateID',
  'ReservedCode2',
];

/** Whether two labels say the same in all seven fields. */
export const sameLabel = (a: Label, b: Label): boolean => FIELD_NAMES.every((name) => a[name] === b[name]);

/** Whether a text is a value that `Label` may have. */
export const isLabelValue = (value: unknown): value is LabelValue => value === '1' || value === '2' || value === '3';
