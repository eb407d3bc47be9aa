import type { Check } from './check.ts';

/**
 * A notice that tells people stands in the content itself, and keeps to what can be measured of the rule. One that is measurably too small, too short or too fast is no notice;
 * the notice may lawfully stand around the content instead, or be another's that we do not know, so a missing one is for a person to judge.
 */
export const explicitNotice: Check = {
  id: 'explicit-notice',
  evaluate: ({ format, notices }) => {
    if (format === null) {
      return 'inapplicable';
    }
    if (notices === null || notices.length === 0) {
      return 'incomplete';
    }
    return notices.some(({ shortfalls = [] }) => shortfalls.length === 0) ? 'pass' : 'fail';
  },
};
