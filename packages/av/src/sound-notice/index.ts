import { type ExplicitMark, LabelError, type NoticeFinder } from '@aigc-label/core';
import { SOUND_NOTICE_FORMATS } from '../notice-formats.ts';
import type { NoticeInserter } from './notice-inserter.ts';
import { resolveSoundNotice, type SoundNoticeOptions } from './sound-notice-options.ts';
import { uncompressedInserter } from './uncompressed/index.ts';

export * from './sound-notice-options.ts';

/** Who serves which formats; what needs no ffmpeg comes first. */
const INSERTERS: readonly NoticeInserter[] = [uncompressedInserter];

/** The notice that is heard, as a mark (GB 45438-2025 §5.3). */
export const soundNotice: ExplicitMark<SoundNoticeOptions> = {
  id: 'sound-notice',
  modality: 'audio',
  formats: SOUND_NOTICE_FORMATS,
  isPresent: async () => false,
  async apply(source, formatId, options, call = {}) {
    const notice = resolveSoundNotice(options);
    const inserter = INSERTERS.find(({ formats }) => formats.includes(formatId));
    if (inserter === undefined) {
      throw new LabelError('NOTICE_UNSUPPORTED', `No notice can be put into ${formatId} yet.`, { data: { format: formatId } });
    }
    return inserter.insert(source, formatId, notice, call);
  },
};

/** Finds notices that are heard. */
export const soundNoticeFinder: NoticeFinder = { formats: SOUND_NOTICE_FORMATS, isDecoding: true, find: async () => [] };
