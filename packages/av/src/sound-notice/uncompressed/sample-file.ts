import type { Riff, RiffChunk } from '@aigc-label/containers';
import { LabelError, type Splice } from '@aigc-label/core';
import type { SampleCoding } from './sample-coding.ts';

/** A file whose samples lie in it one by one. */
export interface SampleFile {
  readonly riff: Riff;
  readonly coding: SampleCoding;
  /** The chunk that holds the samples. */
  readonly chunk: RiffChunk;
  /** Where the first frame lies, in bytes. */
  readonly start: number;
  /** Whole frames. */
  readonly frames: number;
  /** Edits inside other chunks that follow when frames come in: positions, numbers of frames. */
  moved(insertion: FrameInsertion): Promise<readonly ChunkEdit[]>;
  /** All edits, with those of the sizes of the samples put right, for so many bytes more of them. */
  resized(splices: readonly Splice[], moreBytes: number): Promise<readonly Splice[]>;
}

/** Edits inside one chunk. */
export interface ChunkEdit {
  readonly chunk: RiffChunk;
  readonly splices: readonly Splice[];
}

/** The same number of frames comes in at one place or several. */
export interface FrameInsertion {
  /** Frames of the original before which they come; ascending. */
  readonly at: readonly number[];
  /** How many come at each. */
  readonly frames: number;
}

/** Where a frame of the original stands afterwards. */
export const movedFrame = ({ at, frames }: FrameInsertion, frame: number): number => frame + frames * at.filter((one) => one <= frame).length;

/** How long a stretch of the original is afterwards: what comes in at its first frame comes before it. */
export const movedLength = (insertion: FrameInsertion, start: number, length: number): number =>
  length === 0 ? 0 : movedFrame(insertion, start + length - 1) + 1 - movedFrame(insertion, start);

/** Chunks with positions of frames are read up to this size, in bytes; an honest one has a few records. */
export const MAXIMUM_POSITION_BYTES: number = 4 << 20;

/** A `NOTICE_UNSUPPORTED` for samples that are coded so that none can come between them. */
export const notSampleBySample = (format: string, coding: string): LabelError =>
  new LabelError(
    'NOTICE_UNSUPPORTED',
    `The sound of this ${format} file is coded as ${coding}, between whose samples nothing can be put. Save it as linear PCM (16 or 24 bit) and label that.`,
    { data: { format, coding, reason: 'codec' } },
  );
