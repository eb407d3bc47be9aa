import {
  oggPages,
  opusFreshStart,
  opusSamples,
  type PageChange,
  packetsOfPage,
  parseOpusHead,
  renumberedPages,
  type TimedPacket,
} from '@aigc-label/containers';
import { type ByteSource, concat, joinedSource, type Piece } from '@aigc-label/core';
import { type OggStreamPages, pageAt } from './ogg-stream.ts';
import type { OpusPlace } from './opus-places.ts';
import { cutSamples, firstGranule, granuleBefore } from './opus-times.ts';

/** RFC 7845 §4.6 asks for 80 ms, after which a decoder that began elsewhere is near to where it would have been; twice that leaves an error 33 dB below the sound at worst, which is gone soon. */
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

/** The file with the notice in these places. */
export const withOpusPackets = async (
  source: ByteSource,
  stream: OggStreamPages,
  notice: readonly Uint8Array[],
  places: readonly OpusPlace[],
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
