import {
  isLastOggPage,
  type OggPage,
  OPUS_RATE,
  type OpusHead,
  oggGranule,
  oggPages,
  opusFreshStart,
  opusSamples,
  type PageChange,
  packetsOfPage,
  parseOpusHead,
  renumberedPages,
  type TimedPacket,
  walkOggPages,
} from '@aigc-label/containers';
import { type ByteSource, bytesSource, concat, equalBytes, joinedSource, type Marked, type Piece } from '@aigc-label/core';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { encodeNotice } from './encode-notice.ts';
import { matchedNotice } from './matched-notice.ts';
import { type OggStreamPages, pageAt, readOggStream } from './ogg-stream.ts';
import { type Programme, unsupported, withProgramme } from './programme.ts';

/** Puts a notice between the packets of Opus in Ogg (RFC 7845); no packet of the recording is changed. */
export const opusNotice: NoticeInserter = {
  formats: ['opus'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoOpus(programme, options)),
};

const insertIntoOpus = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const { source, call } = programme;
  const stream = await readOggStream(source, 'opus', call);
  const head = parseOpusHead(stream.head);
  if (head === undefined) {
    throw unsupported('opus', 'its first stream is not Opus', 'Encode it as Opus.');
  }
  const last = await pageAt(source, stream, stream.starts.length - 1);
  const seconds = Number(oggGranule(last) - (await firstGranule(source, stream))) / OPUS_RATE;
  const { pcm, remark, middle } = await matchedNotice(programme, options, {
    sampleRate: OPUS_RATE,
    channels: head.channels,
    seconds: Math.max(1, seconds),
    playerGain: head.outputGain,
  });
  const bitRate = ((stream.end - stream.start) * 8) / Math.max(1, seconds);
  const notice = await encodedPackets(programme, head, pcm, bitRate);
  const result = await withPackets(source, stream, notice, await placesOf(source, stream, options, middle));
  call.onProgress?.(1);
  return { kind: 'source', source: result, release: async () => {}, remarks: [{ code: 'content_kept', data: {} }, remark] };
};

/** Bits a second and channel that are asked for. */
const LOWEST_RATE = 16_000;
const HIGHEST_RATE = 128_000;

const encodedPackets = async (
  programme: Programme,
  head: OpusHead,
  pcm: Parameters<typeof encodeNotice>[1],
  bitRate: number,
): Promise<readonly Uint8Array[]> => {
  const rate = Math.round(Math.max(LOWEST_RATE, Math.min(HIGHEST_RATE, bitRate / head.channels)) * head.channels);
  const family = head.mapping[0] ?? 0;
  const encoded = bytesSource(
    await encodeNotice(programme, pcm, 'libopus', [
      ...['-b:a', String(rate), '-vbr', 'on', '-frame_duration', '20', '-mapping_family', String(family === 0 ? -1 : family)],
      ...['-f', 'ogg'],
    ]),
  );
  const pages: OggPage[] = [];
  await walkOggPages(encoded, 0, (page) => {
    pages.push(page);
  });
  const packets = (await Promise.all(pages.map((page) => packetsOfPage(encoded, page)))).flat();
  const own = parseOpusHead(packets[0] ?? new Uint8Array());
  if (own === undefined || own.channels !== head.channels || !equalBytes(own.mapping, head.mapping)) {
    throw unsupported('opus', 'the encoder spreads its channels otherwise', 'Encode it anew as Opus with mapping family 0 or 1.');
  }
  return packets.slice(2);
};

/** Where the stream stands in time before its first packet of sound. */
const firstGranule = async (source: ByteSource, stream: OggStreamPages): Promise<bigint> => {
  const page = await pageAt(source, stream, 0);
  const samples = await samplesOf(source, page);
  const before = oggGranule(page) - BigInt(samples);
  // Where all sound stands on one page that is cut at its end, nothing says it; it is 0 then.
  return oggGranule(page) === -1n || (isLastOggPage(page) && before < 0n) ? 0n : before;
};

const samplesOf = async (source: ByteSource, page: OggPage): Promise<number> =>
  (await packetsOfPage(source, page)).reduce((total, packet, index) => total + (index === 0 && page.isContinued ? 0 : opusSamples(packet)), 0);

/** In front of which page the notice goes, and how many packets of it come first; the number of pages stands for the end. */
interface Place {
  readonly page: number;
  readonly packets: number;
}

const placesOf = async (
  source: ByteSource,
  stream: OggStreamPages,
  { positions }: ResolvedSoundNotice,
  middle: number,
): Promise<readonly Place[]> => {
  const places: Place[] = [];
  if (positions.includes('start')) {
    places.push({ page: 0, packets: 0 });
  }
  if (positions.includes('middle')) {
    places.push(await placeAt(source, stream, (await firstGranule(source, stream)) + BigInt(Math.round(middle * OPUS_RATE))));
  }
  if (positions.includes('end')) {
    places.push({ page: stream.starts.length, packets: 0 });
  }
  return places.filter((place, index) => index === 0 || place.page !== places[index - 1]?.page || place.packets !== places[index - 1]?.packets);
};

/** The place between two packets near a moment; between pages where packets lie across them. */
const placeAt = async (source: ByteSource, stream: OggStreamPages, granule: bigint): Promise<Place> => {
  let [low, high] = [0, stream.starts.length - 1];
  while (low < high) {
    const half = Math.floor((low + high) / 2);
    const end = await granuleBefore(source, stream, half + 1);
    [low, high] = end < granule ? [half + 1, high] : [low, half];
  }
  while (low > 0 && (await pageAt(source, stream, low)).isContinued) {
    low -= 1;
  }
  const page = await pageAt(source, stream, low);
  if (isLastOggPage(page) || page.isContinued || page.lacing.at(-1) === 255) {
    return { page: low, packets: 0 };
  }
  let at = await granuleBefore(source, stream, low);
  let packets = 0;
  for (const packet of await packetsOfPage(source, page)) {
    if (at >= granule) {
      break;
    }
    at += BigInt(opusSamples(packet));
    packets += 1;
  }
  return { page: low, packets };
};

/** RFC 7845 §4.6 asks for 80 ms, after which a decoder that began elsewhere is near to where it would have been; twice that leaves an error of −80 dB in music and −50 dB in speech. */
const PREROLL_SAMPLES = 7680;

/** The last packets in front of a page, of which `first` come before. */
const prerollBefore = async (
  source: ByteSource,
  stream: OggStreamPages,
  index: number,
  first: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> => {
  let preroll = [...first];
  let samples = first.reduce((total, packet) => total + opusSamples(packet), 0);
  while (preroll.length > 0 && samples - opusSamples(preroll[0] ?? new Uint8Array()) >= PREROLL_SAMPLES) {
    samples -= opusSamples(preroll.shift() ?? new Uint8Array());
  }
  for (let at = index - 1; at >= 0 && samples < PREROLL_SAMPLES; at -= 1) {
    const page = await pageAt(source, stream, at);
    const packets = (await packetsOfPage(source, page)).slice(page.isContinued ? 1 : 0);
    for (const packet of packets.toReversed()) {
      if (samples < PREROLL_SAMPLES) {
        preroll = [packet, ...preroll];
        samples += opusSamples(packet);
      }
    }
    if (page.isContinued) {
      break;
    }
  }
  return preroll;
};

/** A page holds up to a second. */
const PACKETS_PER_PAGE = 50;

const withPackets = async (
  source: ByteSource,
  stream: OggStreamPages,
  notice: readonly Uint8Array[],
  places: readonly Place[],
): Promise<ByteSource> => {
  const { starts, end, serial } = stream;
  const pieces: Piece[] = [{ source, offset: 0, length: stream.start }];
  let [addedSamples, addedPages, from] = [0n, 0, 0];
  const last = await pageAt(source, stream, starts.length - 1);
  const rest = await cutSamples(source, stream, last);
  const streams = parseOpusHead(stream.head)?.streams ?? 1;
  const keep = (to: number): void => {
    const [granule, sequence, first] = [addedSamples, addedPages, from];
    const isEnd = places.some(({ page }) => page === starts.length);
    const change = (index: number): PageChange =>
      isEnd && first + index === starts.length - 1 ? { granule: granule + rest, sequence, isContinued: true } : { granule, sequence };
    if (to > from) {
      const kept = renumberedPages(source, { starts: starts.subarray(from, to), end: starts[to] ?? end, change });
      pieces.push({ source: kept, offset: 0, length: kept.size });
    }
    from = to;
  };
  for (const { page: index, packets } of places) {
    keep(index);
    const isEnd = index === starts.length;
    const page = isEnd ? undefined : await pageAt(source, stream, index);
    const all = page === undefined ? [] : await packetsOfPage(source, page);
    const [first, second] = packets === 0 ? [[], []] : [all.slice(0, packets), all.slice(packets)];
    const preroll = (index > 0 || packets > 0) && !isEnd ? await prerollBefore(source, stream, index, first) : [];
    const next = preroll[0] ?? second[0] ?? all[0];
    const fresh = isEnd || next === undefined ? [] : opusFreshStart(next, streams);
    let position =
      (index === 0 ? await firstGranule(source, stream) : await granuleBefore(source, stream, index)) + addedSamples + (isEnd ? rest : 0n);
    const timed = (bytes: Uint8Array): TimedPacket => {
      position += BigInt(opusSamples(bytes));
      return { bytes, granule: position };
    };
    const before = first.map(timed);
    const inserted = [...notice, ...fresh, ...preroll].map(timed);
    const after = second.map(timed);
    const final = inserted.at(-1);
    if (isEnd && final !== undefined) {
      inserted[inserted.length - 1] = { ...final, granule: final.granule - rest };
    }
    let sequence = stream.sequence + index + addedPages;
    for (const group of [before, inserted, after]) {
      const pages = oggPages(group, { serial, sequence, isLast: isEnd, packetsPerPage: PACKETS_PER_PAGE });
      pieces.push(concat(...pages));
      sequence += pages.length;
    }
    // A page that was divided has been written already.
    const divided = packets > 0 ? 1 : 0;
    addedPages = sequence - stream.sequence - index - divided;
    addedSamples += inserted.reduce((total, { bytes }) => total + BigInt(opusSamples(bytes)), 0n);
    from = index + divided;
  }
  keep(starts.length);
  return joinedSource(pieces);
};

/** Where the stream stands in time in front of a page. */
const granuleBefore = async (source: ByteSource, stream: OggStreamPages, index: number): Promise<bigint> => {
  for (let at = index - 1; at >= 0; at -= 1) {
    const granule = oggGranule(await pageAt(source, stream, at));
    if (granule !== -1n) {
      return granule;
    }
  }
  return firstGranule(source, stream);
};

/** Samples that the last page holds and that players cut off (RFC 7845 §4.4). */
const cutSamples = async (source: ByteSource, stream: OggStreamPages, last: OggPage): Promise<bigint> => {
  if (!isLastOggPage(last) || last.isContinued) {
    return 0n;
  }
  const before = stream.starts.length === 1 ? await firstGranule(source, stream) : await granuleBefore(source, stream, stream.starts.length - 1);
  const cut = before + BigInt(await samplesOf(source, last)) - oggGranule(last);
  return cut > 0n ? cut : 0n;
};
