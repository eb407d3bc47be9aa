import type { ByteSource } from '../bytes/source.ts';
import type { Format, Slots } from '../ports/format.ts';
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

/** What a file itself says, by one vocabulary. @throws LabelError as `Format.read` does. */
export const findingsOf = async (source: ByteSource, format: Format, vocabulary: Vocabulary): Promise<readonly Finding[]> =>
  findingsIn(await format.read(source), [vocabulary]);
