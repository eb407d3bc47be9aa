import { heardSides } from '../notice-pcm.ts';
import { type ClipLanguage, SHIPPED_CLIPS } from '../shipped-clips.ts';
import { type ResolvedSoundNotice, resolveSoundNotice } from '../sound-notice-options.ts';
import { LISTENING_HERTZ, spectraOf } from './spectra.ts';
import type { SpokenReference } from './speech-match.ts';

/** A clip that ships, as it sounds; made when it is first asked for. */
export const shippedReference = (language: ClipLanguage): Promise<SpokenReference> => {
  const made = SHIPPED.get(language) ?? referenceOf(resolveSoundNotice({ language }), SHIPPED_CLIPS[language].characters);
  SHIPPED.set(language, made);
  return made;
};

const SHIPPED = new Map<ClipLanguage, Promise<SpokenReference>>();

/** The speech of a notice, one for each clip of it. */
export const referencesOf = async (notice: ResolvedSoundNotice): Promise<readonly SpokenReference[]> => {
  if (notice.kind === 'rhythm') {
    return [];
  }
  if (notice.clip !== undefined) {
    return [await referenceOf(notice, 0)];
  }
  return Promise.all((notice.language === 'zh-en' ? (['zh', 'en'] as const) : [notice.language]).map(shippedReference));
};

const referenceOf = async (notice: ResolvedSoundNotice, characters: number): Promise<SpokenReference> => {
  const sides = await heardSides(notice, LISTENING_HERTZ);
  const [left, right] = [sides[0] as Float32Array, sides.at(-1) as Float32Array];
  const { speech } = spectraOf(left.map((sample, index) => (sample + (right[index] as number)) / 2));
  return { text: notice.text, characters, speech };
};
