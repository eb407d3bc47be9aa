import type { Slots } from '../ports/format.ts';
import type { Finding, Vocabulary } from '../ports/vocabulary.ts';

/** What the slots of a file say: each is decoded by the first vocabulary that knows it. */
export const findingsIn = ({ found }: Pick<Slots, 'found'>, vocabularies: readonly Vocabulary[]): readonly Finding[] =>
  found.flatMap((slot) => {
    for (const vocabulary of vocabularies) {
      const finding = vocabulary.decode(slot);
      if (finding !== undefined) {
        return [finding];
      }
    }
    return [];
  });
