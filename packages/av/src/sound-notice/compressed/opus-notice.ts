import { type OggPage, OPUS_RATE, type OpusHead, oggGranule, packetsOfPage, parseOpusHead, walkOggPages } from '@aigc-label/containers';
import { bytesSource, equalBytes, type Marked } from '@aigc-label/core';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { encodeNotice } from './encode-notice.ts';
import { matchedNotice } from './matched-notice.ts';
import { pageAt, readOggStream } from './ogg-stream.ts';
import { withOpusPackets } from './opus-pages.ts';
import { opusPlaces } from './opus-places.ts';
import { firstGranule } from './opus-times.ts';
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
  const result = await withOpusPackets(source, stream, notice, await opusPlaces(source, stream, options, middle));
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
