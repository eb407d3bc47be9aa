import type { Check } from './check.ts';

/** Nothing in the container contradicts itself, and nothing follows its end. */
export const structureIntact: Check = {
  id: 'structure-intact',
  evaluate: ({ format, anomalies, unreadable }) => {
    if (format === null) {
      return 'inapplicable';
    }
    return unreadable === null && anomalies.length === 0 ? 'pass' : 'incomplete';
  },
};
