import {
  AAC_BLOCK_SAMPLES,
  AAC_CHANNELS,
  exchangeMedia,
  type InsertedSamples,
  type InsertedTime,
  insertionEdits,
  longerMovieEdits,
  type MediaChange,
  silentAacBlock,
} from '@aigc-label/containers';
import { type ByteSource, concat, type Marked, type Piece, type Remark } from '@aigc-label/core';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { encodeAacBlocks, isPlainAac } from './aac-blocks.ts';
import { type AacConfiguration, parseEsds } from './aac-configuration.ts';
import { type AlacCookie, encodeAlacPackets, parseAlacCookie } from './alac-packets.ts';
import { openSoundTrack, type SoundTrack } from './m4a-track.ts';
import { matchedNotice } from './matched-notice.ts';
import { type Programme, unsupported, withProgramme } from './programme.ts';

/** Puts a notice between the samples of an M4A file (ISO/IEC 14496-12, 14496-14): AAC-LC and Apple Lossless; no sample of the recording is changed. */
export const m4aNotice: NoticeInserter = {
  formats: ['m4a'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoM4a(programme, options)),
};

const insertIntoM4a = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const opened = await openSoundTrack(programme.source);
  const { notice, remark, middle } = await encodedNotice(programme, opened, options);
  const source = await withSamples(programme.source, opened, notice, placesOf(opened, options, middle));
  programme.call.onProgress?.(1);
  return { kind: 'source', source, release: async () => {}, remarks: [{ code: 'content_kept', data: {} }, remark] };
};

/** A notice as samples of the track. */
interface EncodedNotice {
  readonly samples: readonly Uint8Array[];
  /** In ticks of the track. */
  readonly durations: readonly number[];
  /** Samples of the recording that are heard once more behind it, so that the decoder finds itself as it was. */
  readonly preroll: 0 | 1;
  /** How long a whole sample lasts, where players decode all of one whose rest is cut off; 0 where there is no such thing. */
  readonly wholeTicks: number;
}

interface NoticeAndLoudness {
  readonly notice: EncodedNotice;
  readonly remark: Remark;
  /** In seconds. */
  readonly middle: number;
}

const encodedNotice = (programme: Programme, opened: SoundTrack, options: ResolvedSoundNotice): Promise<NoticeAndLoudness> => {
  const { coding, configuration } = opened;
  const aac = coding === 'mp4a' ? parseEsds(configuration) : undefined;
  const alac = coding === 'alac' ? parseAlacCookie(configuration) : undefined;
  if (aac !== undefined) {
    return aacSamples(programme, opened, options, aac);
  }
  if (alac !== undefined) {
    return alacSamples(programme, opened, options, alac);
  }
  throw unsupported('m4a', `its sound is coded as ${JSON.stringify(coding)}`, 'Encode it as AAC-LC.');
};

const aacSamples = async (
  programme: Programme,
  { track, table }: SoundTrack,
  options: ResolvedSoundNotice,
  aac: AacConfiguration,
): Promise<NoticeAndLoudness> => {
  const channels = await refuseOtherAac(programme, aac);
  const ticks = (AAC_BLOCK_SAMPLES * track.timescale) / aac.sampleRate;
  if (!Number.isInteger(ticks)) {
    throw unsupported('m4a', `its clock of ${track.timescale} ticks a second cannot tell the length of a block`, 'Remux it.');
  }
  const seconds = (table.count * AAC_BLOCK_SAMPLES) / aac.sampleRate;
  const { pcm, remark, middle } = await matchedNotice(programme, options, { sampleRate: aac.sampleRate, channels, seconds });
  const bytes = table.sizes.reduce((total, size) => total + size, 0);
  const samples = await encodeAacBlocks(programme, 'm4a', pcm, { ...aac, bitRate: (bytes * 8) / seconds });
  return { notice: { samples, durations: samples.map(() => ticks), preroll: 1, wholeTicks: ticks }, remark, middle };
};

/** Every packet of Apple Lossless stands for itself. */
const alacSamples = async (
  programme: Programme,
  { track, durations }: SoundTrack,
  options: ResolvedSoundNotice,
  cookie: AlacCookie,
): Promise<NoticeAndLoudness> => {
  const { sampleRate, channels } = cookie;
  if (track.timescale !== sampleRate) {
    throw unsupported('m4a', `its clock of ${track.timescale} ticks a second is not that of its samples`, 'Remux it.');
  }
  const seconds = durations.reduce((total, one) => total + one, 0) / sampleRate;
  const { pcm, remark, middle } = await matchedNotice(programme, options, { sampleRate, channels, seconds });
  const { packets, samples } = await encodeAlacPackets(programme, pcm, cookie);
  return { notice: { samples: packets, durations: samples, preroll: 0, wholeTicks: 0 }, remark, middle };
};

/** The number of channels. @throws LabelError `NOTICE_UNSUPPORTED` for what is not AAC-LC in 1024 samples. */
const refuseOtherAac = async (programme: Programme, aac: AacConfiguration): Promise<number> => {
  const channels = AAC_CHANNELS[aac.channelConfiguration] ?? 0;
  if (aac.objectType !== 2 || aac.hasReplication || aac.isShort || !(await isPlainAac(programme, aac, channels))) {
    throw unsupported('m4a', 'its AAC is not LC with 1024 samples a block', 'Encode it as AAC-LC.');
  }
  if (silentAacBlock(aac.channelConfiguration) === undefined) {
    throw unsupported('m4a', 'its channels are told inside the stream only', 'Encode it as AAC-LC with a channel configuration of the table.');
  }
  return channels;
};

const placesOf = ({ table, track }: SoundTrack, { positions }: ResolvedSoundNotice, middleSeconds: number): readonly number[] => {
  const later = table.decodedAt.findIndex((at) => at >= middleSeconds * track.timescale);
  const places = { start: 0, middle: later < 0 ? Math.floor(table.count / 2) : later, end: table.count };
  return [...new Set(positions.map((position) => places[position]))].sort((a, b) => a - b);
};

/** The file with the notice in front of these samples. */
const withSamples = async (source: ByteSource, opened: SoundTrack, notice: EncodedNotice, places: readonly number[]): Promise<ByteSource> => {
  const { file, movie, track, table, budget } = opened;
  const insertions: InsertedSamples[] = [];
  const times: InsertedTime[] = [];
  const around = new Map<number, { readonly before: Piece[]; readonly after: Piece[] }>();
  for (const index of places) {
    const isEnd = index === table.count;
    const from = index > 0 && !isEnd ? index - notice.preroll : index;
    const copied = Array.from({ length: index - from }, (_, next) => from + next);
    const pieces: Piece[] = [concat(...notice.samples), ...copied.map((one) => sampleOf(source, opened, one))];
    const lastTicks = opened.durations[table.count - 1] ?? 0;
    const durations = [...notice.durations, ...copied.map((one) => opened.durations[one] ?? 0)];
    const isCut = isEnd && lastTicks < notice.wholeTicks;
    if (isCut) {
      durations[durations.length - 1] = lastTicks;
    }
    insertions.push({
      index,
      sizes: [...notice.samples.map(({ length }) => length), ...copied.map((one) => table.sizes[one] ?? 0)],
      durations,
      ...(isCut ? { lastDuration: notice.wholeTicks } : {}),
    });
    const ticks = durations.reduce((total, one) => total + one, 0) + (isCut ? notice.wholeTicks - lastTicks : 0);
    times.push({
      at: table.decodedAt[index] ?? (table.decodedAt[table.count - 1] ?? 0) + lastTicks,
      ticks,
      side: index === 0 ? 'start' : isEnd ? 'end' : 'inside',
    });
    const neighbour = Math.min(index, table.count - 1);
    const { before, after } = around.get(neighbour) ?? { before: [], after: [] };
    (isEnd ? after : before).push(...pieces);
    around.set(neighbour, { before, after });
  }
  const changes = [...around].map(([index, { before, after }]): MediaChange => {
    const sample = sampleOf(source, opened, index);
    return { at: sample.offset, remove: sample.length, pieces: [...before, sample, ...after] };
  });
  const edits = [
    ...(await insertionEdits(source, track, table, insertions, budget)),
    ...(await longerMovieEdits(source, movie, track, times, budget)),
  ];
  return exchangeMedia(source, file, { edits, changes }, budget);
};

const sampleOf = (
  source: ByteSource,
  { table }: SoundTrack,
  index: number,
): { readonly source: ByteSource; readonly offset: number; readonly length: number } => ({
  source,
  offset: table.offsets[index] ?? 0,
  length: table.sizes[index] ?? 0,
});
