// TC260-PG-202510A: FLAC, Vorbis and Opus carry the label as the comment AIGC=….
import type { VorbisComments } from '@aigc-label/containers';
import type { Slot, SlotText } from '@aigc-label/core';

/** The key of the comment. */
export const AUDIO_KEY = 'AIGC';

/** What stands as the program that wrote a comment list, where there was none. */
export const AUDIO_VENDOR = 'aigc-label';

/** The labels of a comment list. Names are compared without regard to case (Vorbis I §5.2.2); only the name in capitals is written as the guide has it. */
export const commentSlots = (comments: VorbisComments, site: string, isPlace: boolean): readonly Slot[] =>
  comments.matches.flatMap(({ name, text }) =>
    text === undefined ? [] : [{ key: AUDIO_KEY, site: `${site}/${name}`, isGuidePlace: isPlace && name === AUDIO_KEY, value: text }],
  );

/** Whether the file says exactly this, in its place, and nowhere else; `count` includes texts that could not be read. */
export const hasOnly = (found: readonly Slot[], count: number, slot: SlotText): boolean => {
  if (slot.key !== AUDIO_KEY) {
    throw new TypeError(`sound carries ${AUDIO_KEY}, not ${slot.key}`);
  }
  return count === 1 && found[0]?.isGuidePlace === true && found[0].value === slot.value;
};
