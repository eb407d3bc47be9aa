import type { ByteSource, MarkCall, Marked } from '@aigc-label/core';
import type { ResolvedSoundNotice } from './sound-notice-options.ts';

/** Puts a notice that people hear into recordings of some formats. */
export interface NoticeInserter {
  /** Ids of the formats. */
  readonly formats: readonly string[];
  /**
   * The recording with the notice in it.
   * @throws LabelError `NOTICE_UNSUPPORTED`, `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `TOOL_MISSING` or `ABORTED`; nothing is left behind then.
   */
  insert(source: ByteSource, formatId: string, options: ResolvedSoundNotice, call: MarkCall): Promise<Marked>;
}
