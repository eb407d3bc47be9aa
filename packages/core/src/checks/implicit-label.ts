import type { DeviationCode, Finding } from '../ports/vocabulary.ts';
import { disagree, type Evidence, readableLabels } from '../report/evidence.ts';
import type { Outcome } from '../report/verdict.ts';
import type { Check } from './check.ts';

/** The file says something under the key AIGC. */
export const labelPresent: Check = {
  id: 'label-present',
  evaluate: ({ findings, unreadable }) => (findings.length > 0 ? 'pass' : unreadable === null ? 'fail' : 'incomplete'),
};

/** It says so once. */
export const labelSingle: Check = {
  id: 'label-single',
  evaluate: ({ findings }) => (findings.length === 0 ? 'inapplicable' : findings.length === 1 ? 'pass' : 'fail'),
};

/** Where there are copies, they say the same. */
export const labelAgreement: Check = {
  id: 'label-agreement',
  evaluate: ({ findings }) => {
    if (findings.length < 2) {
      return 'inapplicable';
    }
    const labels = readableLabels(findings);
    return labels.length === findings.length && !disagree(labels) ? 'pass' : 'fail';
  },
};

/** It is the bare object, without the wrapper that only annex B of the image guide has. */
export const labelWrapper: Check = {
  id: 'label-wrapper',
  evaluate: (evidence) => everyFinding(evidence, without('wrapped', 'prefixed', 'double_encoded', 'base64')),
};

/** It stands where the guide for this kind of file says. */
export const labelPlace: Check = {
  id: 'label-place',
  evaluate: (evidence) => everyFinding(evidence, ({ isGuidePlace }) => isGuidePlace),
};

/** It is a compact object of members in the standard's order. */
export const labelSerialisation: Check = {
  id: 'label-serialisation',
  evaluate: (evidence) => everyFinding(evidence, without('not_json', 'not_an_object', 'too_large', 'not_compact', 'field_order')),
};

/** All seven fields are there, under their names, as strings, and no others. */
export const labelFields: Check = {
  id: 'label-fields',
  evaluate: (evidence) =>
    everyFinding(
      evidence,
      (finding) =>
        finding.label !== null &&
        without('duplicate_field', 'missing_field', 'misspelt_field', 'unknown_field', 'not_a_string', 'empty_field')(finding),
    ),
};

/** Every value keeps to the characters of Annex E j). */
export const labelCharset: Check = { id: 'label-charset', evaluate: (evidence) => everyFinding(evidence, without('charset')) };

/** `Label` is 1, 2 or 3. */
export const labelValue: Check = {
  id: 'label-value',
  evaluate: (evidence) => everyFinding(evidence, (finding) => finding.label !== null && without('label_not_in_enum')(finding)),
};

const everyFinding = ({ findings }: Evidence, holds: (finding: Finding) => boolean): Outcome =>
  findings.length === 0 ? 'inapplicable' : findings.every(holds) ? 'pass' : 'fail';

const without =
  (...codes: readonly DeviationCode[]) =>
  ({ deviations }: Finding): boolean =>
    !deviations.some(({ code }) => codes.includes(code));
