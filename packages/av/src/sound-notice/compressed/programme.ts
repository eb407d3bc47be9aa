import { type ByteSource, LabelError, type MarkCall } from '@aigc-label/core';
import { findFfmpeg } from '../../ffmpeg/find-ffmpeg.ts';
import { withPath } from '../../ffmpeg/work-folder.ts';

/** A compressed recording into which a notice is to be put, and what is at hand for it. */
export interface Programme {
  readonly source: ByteSource;
  /** The same as a file for ffmpeg. */
  readonly path: string;
  /** ffmpeg's program. */
  readonly program: string;
  readonly call: MarkCall;
}

/**
 * Lends a recording to ffmpeg for as long as `use` takes; nothing is left behind.
 *
 * @throws LabelError `TOOL_MISSING`, `ABORTED`, and what `use` throws; what its readers cannot edit, or ffmpeg cannot decode, is `NOTICE_UNSUPPORTED`.
 */
export const withProgramme = async <Value>(source: ByteSource, call: MarkCall, use: (programme: Programme) => Promise<Value>): Promise<Value> => {
  const program = await findFfmpeg();
  refuseAborted(call);
  try {
    return await withPath(source, (path) => use({ source, path, program, call }));
  } catch (error) {
    if (error instanceof LabelError && (error.code === 'FORMAT_UNSUPPORTED_FEATURE' || error.code === 'CARRIER_FULL')) {
      throw new LabelError('NOTICE_UNSUPPORTED', error.message, { data: error.data, cause: error });
    }
    throw error;
  }
};

/** Throws `ABORTED` where whoever waits has given up. */
export const refuseAborted = ({ signal }: MarkCall): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Putting the notice into the recording was stopped.', { cause: signal.reason });
  }
};

/**
 * A `NOTICE_UNSUPPORTED` error that names the remedy.
 *
 * @param why a clause: `its HE-AAC has no free encoder`.
 */
export const unsupported = (format: string, why: string, remedy: string): LabelError =>
  new LabelError('NOTICE_UNSUPPORTED', `No notice can be put into this ${format} file: ${why}. ${remedy}`, { data: { format, why, remedy } });
