/** Longer wordings of which a found one is a part: they are tried where the found one stands, should the search have missed them. */
import { arrangedFreely } from './arrangements.ts';
import type { Candidate } from './candidates.ts';
import type { Sighting } from './refine.ts';

/** Where each of the texts that hold the found words would stand; on one line only. */
export const longerCandidates = ({ arrangement, ground, cap, left, top, likeness }: Sighting, texts: readonly string[]): readonly Candidate[] =>
  texts.flatMap((text): readonly Candidate[] => {
    const at = text.indexOf(arrangement.text);
    const longer = at < 0 || text === arrangement.text ? undefined : arrangedFreely(text);
    const first = longer?.layout.glyphs[Array.from(text.slice(0, at)).length];
    const own = arrangement.layout.glyphs[0];
    if (longer === undefined || first === undefined || own === undefined) {
      return [];
    }
    // Both plates have the same padding, so that they differ in width alone.
    const before = first.x / longer.layout.capPixels - own.x / arrangement.layout.capPixels;
    return [{ arrangement: longer, ground, position: 'bottom-right', likeness, cap, left: left - before * cap, top }];
  });
