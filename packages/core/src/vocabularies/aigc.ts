import { FIELD_NAMES, type Label } from '../label/label.ts';
import type { Slot } from '../ports/format.ts';
import type { Deviation, Finding, Vocabulary } from '../ports/vocabulary.ts';
import { fieldsOf } from './aigc-fields.ts';
import { unwrap } from './aigc-unwrap.ts';
import { asciiJson } from './ascii-json.ts';

/** The key under which GB 45438-2025 Annex E a) has the label stand. */
export const AIGC_KEY = 'AIGC';

/**
 * The vocabulary of GB 45438-2025 Annex E and the TC260-PG guides: written as the bare object of seven strings in fixed order,
 * read in the forms that products in the wild give it.
 */
export const aigcVocabulary: Vocabulary = {
  id: 'tc260-aigc',
  encode(label) {
    const fields = Object.fromEntries(FIELD_NAMES.map((name) => [name, label[name]]));
    return { key: AIGC_KEY, value: asciiJson(fields), fields };
  },
  decode(slot) {
    if (slot.key !== AIGC_KEY) {
      return undefined;
    }
    const unwrapped = slot.fields === undefined ? unwrap(slot.value) : { object: slot.fields, deviations: [] };
    if (unwrapped.object === undefined) {
      return finding(slot, null, unwrapped.deviations);
    }
    const { label, deviations } = fieldsOf(unwrapped.object);
    return finding(slot, label, [...unwrapped.deviations, ...deviations]);
  },
};

const finding = (slot: Slot, label: Label | null, deviations: readonly Deviation[]): Finding => ({
  vocabulary: aigcVocabulary.id,
  site: slot.site,
  isGuidePlace: slot.isGuidePlace,
  raw: slot.value,
  status: label === null ? 'malformed' : deviations.length === 0 ? 'conformant' : 'deviating',
  label,
  deviations,
});
