import { forbiddenCharacter } from '../label/charset.ts';
import { FIELD_NAMES, isLabelValue, type Label, type LabelValue } from '../label/label.ts';
import type { Deviation } from '../ports/vocabulary.ts';

/** Spellings of field names seen in the wild (labels.md §5.1, variant 24). */
const MISSPELT: Readonly<Record<string, keyof Label>> = { ReserveCode1: 'ReservedCode1', ReserveCode2: 'ReservedCode2' };

/** Values of `Label` seen in the wild that mean "is generated" (variant 23). */
const MEANS_GENERATED: ReadonlySet<string> = new Set(['AIGC', 'AIGCLabelType.AI_GENERATED']);

/** Fields that say nothing when empty but are allowed to be. */
const MAY_BE_EMPTY: ReadonlySet<keyof Label> = new Set(['ReservedCode1', 'ReservedCode2', 'ContentPropagator', 'PropagateID']);

/** The producer is unknown where a propagator only declares (2) or suspects (3): then nobody may be named (Measures Art. 6 items 2 and 3). */
const isProducerUnknown = (values: ReadonlyMap<keyof Label, string>): boolean =>
  ['2', '3'].includes(values.get('Label') ?? '') &&
  values.get('ContentPropagator') !== '' &&
  values.get('PropagateID') !== '' &&
  values.get('ContentProducer') === '' &&
  values.get('ProduceID') === '';

/** An object as a label with what deviates from Annex E; `label` is `null` where `Label` is missing or means nothing. */
export const fieldsOf = (object: Readonly<Record<string, unknown>>): { readonly label: Label | null; readonly deviations: readonly Deviation[] } => {
  const deviations: Deviation[] = [];
  const values = new Map<keyof Label, string>();
  for (const [written, value] of Object.entries(object)) {
    const known = FIELD_NAMES.find((name) => name === written);
    const name = known ?? (Object.hasOwn(MISSPELT, written) ? MISSPELT[written] : undefined);
    if (name === undefined) {
      deviations.push({ code: 'unknown_field', field: written.slice(0, 64) });
    } else if (known === undefined && Object.hasOwn(object, name)) {
      deviations.push({ code: 'misspelt_field', field: written }, { code: 'duplicate_field', field: name });
    } else {
      if (known === undefined) {
        deviations.push({ code: 'misspelt_field', field: written });
      }
      values.set(name, textOf(name, value, deviations));
    }
  }
  const order = [...values.keys()];
  if (order.some((name, index) => index > 0 && FIELD_NAMES.indexOf(name) < FIELD_NAMES.indexOf(order[index - 1] as keyof Label))) {
    deviations.push({ code: 'field_order' });
  }
  const isUnknown = isProducerUnknown(values);
  for (const name of FIELD_NAMES) {
    const value = values.get(name);
    if (value === undefined) {
      deviations.push({ code: 'missing_field', field: name });
    } else if (value === '' && !MAY_BE_EMPTY.has(name) && !isUnknown) {
      deviations.push({ code: 'empty_field', field: name });
    } else if (forbiddenCharacter(value) !== undefined) {
      deviations.push({ code: 'charset', field: name });
    }
  }
  const value = labelValue(values.get('Label'), deviations);
  if (value === undefined) {
    return { label: null, deviations };
  }
  const text = (name: keyof Label): string => values.get(name) ?? '';
  return {
    label: {
      Label: value,
      ContentProducer: text('ContentProducer'),
      ProduceID: text('ProduceID'),
      ReservedCode1: text('ReservedCode1'),
      ContentPropagator: text('ContentPropagator'),
      PropagateID: text('PropagateID'),
      ReservedCode2: text('ReservedCode2'),
    },
    deviations,
  };
};

const textOf = (field: keyof Label, value: unknown, deviations: Deviation[]): string => {
  if (typeof value === 'string') {
    return value;
  }
  deviations.push({ code: 'not_a_string', field });
  return value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const labelValue = (value: string | undefined, deviations: Deviation[]): LabelValue | undefined => {
  if (value === undefined || isLabelValue(value)) {
    return value;
  }
  deviations.push({ code: 'label_not_in_enum', field: 'Label' });
  return MEANS_GENERATED.has(value) ? '1' : undefined;
};
