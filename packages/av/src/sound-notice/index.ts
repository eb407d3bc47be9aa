import { type ExplicitMark, LabelError, type NoticeFinder } from '@aigc-label/core';
import { SOUND_NOTICE_FORMATS } from '../notice-formats.ts';
import { resolveSoundNotice, type SoundNoticeOptions } from './sound-notice-options.ts';

export * from './sound-notice-options.ts';

/** The notice that is heard, as a mark (GB 45438-2025 §5.3). */
export const soundNotice: ExplicitMark<SoundNoticeOptions> = {
  id: 'sound-notice',
  modality: 'audio',
  formats: SOUND_NOTICE_FORMATS,
  isPresent: async () => false,
  async apply(_, formatId, options) {
    resolveSoundNotice(options);
    throw new LabelError('NOTICE_UNSUPPORTED', `No notice can be put into ${formatId} yet.`, { data: { format: formatId } });
  },
};

/** Finds notices that are heard. */
export const soundNoticeFinder: NoticeFinder = { formats: SOUND_NOTICE_FORMATS, isDecoding: true, find: async () => [] };
