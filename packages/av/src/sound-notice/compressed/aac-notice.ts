import {
  AAC_CHANNELS,
  ADTS_HEADER_BYTES,
  type AdtsFrame,
  adtsFrameLike,
  parseAdtsFrame,
  silentAacBlock,
  type WalkedFrames,
  walkFrames,
} from '@aigc-label/containers';
import { concat, type Marked, type Splice } from '@aigc-label/core';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { encodeAacBlocks, isPlainAac } from './aac-blocks.ts';
import { framesCut } from './cut-frames.ts';
import { framesRange } from './frames-range.ts';
import { matchedNotice } from './matched-notice.ts';
import { type Programme, refuseAborted, unsupported, withProgramme } from './programme.ts';

/** Puts a notice between the frames of AAC-LC in ADTS (ISO/IEC 13818-7 §6.2); no frame of the recording is changed. */
export const aacNotice: NoticeInserter = {
  formats: ['aac'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoAdts(programme, options)),
};

const insertIntoAdts = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const { source } = programme;
  const { frames, first, like } = await readStream(programme);
  const { sampleRate, channelConfiguration } = first;
  const channels = AAC_CHANNELS[channelConfiguration] as number;
  const seconds = frames.samples / sampleRate;
  if (!(await isPlainAac(programme, { sampleRate }, channels))) {
    throw unsupported('aac', 'it is HE-AAC, for which there is no free encoder', 'Encode it as AAC-LC.');
  }
  const { pcm, remark, middle } = await matchedNotice(programme, options, {
    sampleRate,
    channels,
    seconds,
    cut: framesCut(source, frames, sampleRate),
  });
  const blocks = await encodeAacBlocks(programme, 'aac', pcm, {
    sampleRate,
    channelConfiguration,
    bitRate: ((frames.end - (frames.offsets[0] ?? 0)) * 8) / seconds,
  });
  const notice = concat(...blocks.map((block) => adtsFrameLike(like, block)));
  const splices: Splice[] = [];
  for (const index of placesOf(frames, options, middle / seconds)) {
    const at = frames.offsets[index] ?? frames.end;
    const isInside = index > 0 && index < frames.offsets.length;
    // The frame before once more, so that what overlaps from it into the next one is there.
    const copied = isInside ? (frames.offsets[index - 1] as number) : at;
    splices.push({ at, remove: 0, insert: concat(notice, await source.read(copied, at - copied)) });
  }
  programme.call.onProgress?.(1);
  return { kind: 'splices', splices, remarks: [{ code: 'content_kept', data: {} }, remark] };
};

interface AdtsStream {
  readonly frames: WalkedFrames<AdtsFrame>;
  readonly first: AdtsFrame;
  /** The header of the first frame. */
  readonly like: Uint8Array;
}

const readStream = async ({ source, call }: Programme): Promise<AdtsStream> => {
  const { start, end } = await framesRange(source);
  const frames = await walkFrames<AdtsFrame>(source, {
    start,
    end,
    headerBytes: ADTS_HEADER_BYTES,
    parse: parseAdtsFrame,
    isSame: (a, b) => a.objectType === b.objectType && a.rateIndex === b.rateIndex && a.channelConfiguration === b.channelConfiguration,
    onWindow: () => refuseAborted(call),
  });
  const { first } = frames;
  const at = frames.offsets[0];
  if (first === undefined || at === undefined) {
    throw unsupported('aac', 'it has no frames of AAC', 'Encode it as AAC-LC in ADTS.');
  }
  if (first.objectType !== 2) {
    throw unsupported('aac', `its AAC is of object type ${first.objectType}`, 'Encode it as AAC-LC.');
  }
  if (silentAacBlock(first.channelConfiguration) === undefined) {
    throw unsupported('aac', 'its channels are told inside the stream only', 'Encode it as AAC-LC with a channel configuration of the table.');
  }
  return { frames, first, like: await source.read(at, ADTS_HEADER_BYTES) };
};

const placesOf = ({ offsets }: WalkedFrames, { positions }: ResolvedSoundNotice, middleShare: number): readonly number[] => {
  const places = { start: 0, middle: Math.round(offsets.length * middleShare), end: offsets.length };
  return [...new Set(positions.map((position) => places[position]))].sort((a, b) => a - b);
};
