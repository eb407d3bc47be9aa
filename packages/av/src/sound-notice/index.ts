import { type ExplicitMark, LabelError } from '@aigc-label/core';
import { SOUND_NOTICE_FORMATS } from '../notice-formats.ts';
import { compressedInserters } from './compressed/index.ts';
import { hasNotice } from './finder/index.ts';
import { flacInserter } from './flac/index.ts';
import type { NoticeInserter } from './notice-inserter.ts';
import { resolveSoundNotice, type SoundNoticeOptions } from './sound-notice-options.ts';
import { uncompressedInserter } from './uncompressed/index.ts';

export { soundNoticeFinder } from './finder/index.ts';
export * from './sound-notice-options.ts';

/** Who serves which formats; what needs no ffmpeg comes first. */
const INSERTERS: readonly NoticeInserter[] = [uncompressedInserter, flacInserter, ...compressedInserters];

/** The notice that is heard, as a mark (GB 45438-2025 §5.3). */
export const soundNotice: ExplicitMark<SoundNoticeOptions> = {
  id: 'sound-notice',
  modality: 'audio',
  formats: SOUND_NOTICE_FORMATS,
  isPresent: (source, formatId, options, call = {}) => hasNotice(source, formatId, resolveSoundNotice(options), call.signal),
  async apply(source, formatId, options, call = {}) {
    const notice = resolveSoundNotice(options);
    const inserter = INSERTERS.find(({ formats }) => formats.includes(formatId));
    if (inserter === undefined) {
      throw new LabelError('NOTICE_UNSUPPORTED', `No notice can be put into ${formatId} yet.`, { data: { format: formatId } });
    }
    return inserter.insert(source, formatId, notice, call);
  },
};
