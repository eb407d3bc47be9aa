import type { Check } from './check.ts';

/** Words that tell people stand in the content itself. The notice may lawfully stand around it instead, so a missing one is for a person to judge. */
export const explicitNotice: Check = {
  id: 'explicit-notice',
  evaluate: ({ format, notices }) => {
    if (format === null) {
      return 'inapplicable';
    }
    return notices !== null && notices.length > 0 ? 'pass' : 'incomplete';
  },
};
