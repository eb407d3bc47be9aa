import type { NoticeInserter } from '../notice-inserter.ts';
import { aacNotice } from './aac-notice.ts';
import { m4aNotice } from './m4a-notice.ts';
import { mp3Notice } from './mp3-notice.ts';
import { oggNotice } from './ogg-notice.ts';
import { opusNotice } from './opus-notice.ts';

/** Put a notice into compressed recordings; all of them need ffmpeg. */
export const compressedInserters: readonly NoticeInserter[] = [mp3Notice, aacNotice, m4aNotice, opusNotice, oggNotice];
