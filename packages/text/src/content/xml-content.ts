// Labels in XML, as `plan` takes them out (spec/content/text.md §3.5).
import type { ByteRange } from '@aigc-label/core';
import { encodeUnits, unitsOf } from '../encoding.ts';
import type { XmlEnds, XmlLabel } from '../xml-prolog.ts';

/**
 * The labels; the one in our place with the line ending that it brought: before it where there is a declaration, else behind it.
 *
 * @param after up to two units that follow the label in our place.
 */
export const xmlCuts = (
  { encoding, labels, ending, hasDeclaration }: XmlEnds,
  inPlace: XmlLabel | undefined,
  after: Uint8Array,
): readonly ByteRange[] => {
  const endingBytes = encodeUnits(ending, encoding).length;
  const behind = unitsOf(after, encoding).startsWith(ending) ? endingBytes : 0;
  return labels.map((label) =>
    label === inPlace
      ? { start: label.start - (hasDeclaration ? endingBytes : 0), end: label.end + (hasDeclaration ? 0 : behind) }
      : { start: label.start, end: label.end },
  );
};
