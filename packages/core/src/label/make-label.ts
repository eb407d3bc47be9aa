import { LabelError } from '../errors.ts';
import { forbiddenCharacter } from './charset.ts';
import { FIELD_NAMES, isLabelValue, type Label } from './label.ts';

/** The most characters of one field that are written: carriers as small as a JPEG segment must hold the whole label (provenance.md §1.3). */
export const MAXIMUM_FIELD_CHARACTERS = 1024;

/** What a first label is made from; the propagator's fields default to the producer's (Annex E, note 1). */
export type LabelFields = Pick<Label, 'ContentProducer' | 'ProduceID'> & Partial<Label>;

/**
 * Makes a label that keeps Annex E: all seven fields, its character set, nothing empty that must be named.
 *
 * @throws LabelError `LABEL_INVALID` with `data.field` and `data.reason` (`empty`, `charset`, `too_long`, `enum`).
 */
export const makeLabel = (parts: LabelFields): Label => {
  const label: Label = {
    Label: parts.Label ?? '1',
    ContentProducer: parts.ContentProducer,
    ProduceID: parts.ProduceID,
    ReservedCode1: parts.ReservedCode1 ?? '',
    ContentPropagator: parts.ContentPropagator ?? parts.ContentProducer,
    PropagateID: parts.PropagateID ?? parts.ProduceID,
    ReservedCode2: parts.ReservedCode2 ?? '',
  };
  assertFields(label);
  return label;
};

/**
 * Checks fields against Annex E: its character set, our limits, nothing empty that must be named.
 *
 * @throws LabelError `LABEL_INVALID` with `data.field` and `data.reason` (`empty`, `charset`, `too_long`, `enum`).
 */
export const assertFields = (fields: Partial<Label>): void => {
  for (const name of FIELD_NAMES) {
    if (Object.hasOwn(fields, name)) {
      assertField(name, fields[name]);
    }
  }
};

const MAY_BE_EMPTY: ReadonlySet<keyof Label> = new Set(['ReservedCode1', 'ReservedCode2', 'ContentPropagator', 'PropagateID']);

const assertField = (field: keyof Label, value: string | undefined): void => {
  if (typeof value !== 'string') {
    throw new TypeError(`${field} must be a string`);
  }
  if (field === 'Label' && !isLabelValue(value)) {
    throw invalid(field, value, 'enum', 'it must be "1", "2" or "3"');
  }
  if (value === '' && !MAY_BE_EMPTY.has(field)) {
    throw invalid(field, value, 'empty', 'it must not be empty');
  }
  if (value.length > MAXIMUM_FIELD_CHARACTERS) {
    throw invalid(field, value, 'too_long', `it has ${value.length} characters; at most ${MAXIMUM_FIELD_CHARACTERS} are written`);
  }
  const character = forbiddenCharacter(value);
  if (character !== undefined) {
    throw invalid(
      field,
      value,
      'charset',
      `${JSON.stringify(character)} is not allowed by GB 45438-2025 Annex E j): only printable ASCII without space and backslash. Use a code instead of a name`,
    );
  }
};

const invalid = (field: keyof Label, value: string, reason: string, sentence: string): LabelError =>
  new LabelError('LABEL_INVALID', `${field} cannot be written: ${sentence}.`, { data: { field, reason, value: value.slice(0, 120) } });
