import type { SoftMatch } from '@aigc-label/core';

/** A match that loads what it needs (sharp, ffmpeg) when the first files are compared, and not before. */
const lazy = (id: string, modality: SoftMatch['modality'], load: () => Promise<SoftMatch>): SoftMatch => ({
  id,
  modality,
  compare: async (original, rendition) => (await load()).compare(original, rendition),
});

/** Likeness of pictures, through sharp. */
export const lazyImageLikeness: SoftMatch = lazy('image-structure', 'image', async () => (await import('@aigc-label/image/likeness')).imageLikeness);

/** Likeness of sound, through ffmpeg. */
export const lazySoundMatch: SoftMatch = lazy('sound-bands', 'audio', async () => (await import('@aigc-label/av/likeness')).soundMatch);

/** Likeness of moving pictures, through ffmpeg. */
export const lazyMovingMatch: SoftMatch = lazy('moving-structure', 'video', async () => (await import('@aigc-label/av/likeness')).movingMatch);
