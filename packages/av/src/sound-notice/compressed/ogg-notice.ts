import { leadingOggPackets, oggCodec, oggGranule, oggPages, type PageChange, renumberedPages, walkOggPages } from '@aigc-label/containers';
import { type ByteSource, concat, damaged, joinedSource, type Marked, viewOf } from '@aigc-label/core';
import { makeWorkFolder } from '../../ffmpeg/work-folder.ts';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { encodeWithNotice, type Reencoding } from './encode-with-notice.ts';
import { matchedNotice } from './matched-notice.ts';
import { type OggStreamPages, pageAt, readOggStream } from './ogg-stream.ts';
import { type Programme, unsupported, withProgramme } from './programme.ts';

/**
 * Puts a notice into Vorbis and FLAC in Ogg. Packets of Vorbis belong to the tables in front of them, which no other encoder's share, so that all of it is encoded anew; the comments stay
 * byte for byte. FLAC stays sample for sample.
 */
export const oggNotice: NoticeInserter = {
  formats: ['ogg'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoOgg(programme, options)),
};

/** How a stream is encoded anew. */
interface Coding extends Pick<Reencoding, 'encoder' | 'options' | 'sampleFormat'> {
  readonly sampleRate: number;
  readonly channels: number;
  /** Whether the packets so far are not yet all headers of the stream. */
  isMore(packets: readonly Uint8Array[]): boolean;
  /** The headers of the new stream, from those of the old and of the encoder. */
  headers(before: readonly Uint8Array[], encoded: readonly Uint8Array[]): readonly Uint8Array[];
}

const insertIntoOgg = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const { source, call } = programme;
  const stream = await readOggStream(source, 'ogg', call);
  const coding = codingOf(stream);
  const samples = Math.max(1, Number(oggGranule(await pageAt(source, stream, stream.starts.length - 1))));
  const { sampleRate, channels } = coding;
  const { pcm, remark, middle } = await matchedNotice(programme, options, { sampleRate, channels, seconds: samples / sampleRate });
  const folder = await makeWorkFolder();
  try {
    await encodeWithNotice(programme, folder, {
      ...coding,
      notice: pcm,
      samples,
      cut: Math.min(samples, Math.round(middle * sampleRate)),
      positions: options.positions,
      output: 'encoded.ogg',
    });
    const encoded = await folder.open('encoded.ogg');
    const whole = await withHeaders(source, encoded, coding);
    call.onProgress?.(1);
    const isLossless = coding.encoder === 'flac';
    return {
      kind: 'source',
      source: whole,
      release: () => folder.remove(),
      remarks: [{ code: 'encoded_all', data: { reason: 'codec', ...(isLossless ? { isLossless } : {}) } }, remark],
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
};

const codingOf = (stream: OggStreamPages): Coding => {
  const { head } = stream;
  const id = oggCodec(head)?.id;
  if (id === 'vorbis' && head.length >= 30) {
    return vorbisCoding(head);
  }
  if (id === 'flac' && head.length >= 51) {
    return flacCoding(head);
  }
  throw unsupported('ogg', `its first stream is ${id ?? 'of an unknown kind'}, for which there is no encoder`, 'Encode it as Opus.');
};

/** Nominal rates of libvorbis for two channels at 44.1 kHz, by quality, in bits a second. */
const VORBIS_RATES = [64_000, 80_000, 96_000, 112_000, 128_000, 160_000, 192_000, 224_000, 256_000, 320_000, 500_000];

/** Vorbis I §4.2.2. */
const vorbisCoding = (head: Uint8Array): Coding => {
  const view = viewOf(head);
  const [channels, sampleRate, nominal] = [view.getUint8(11), view.getUint32(12, true), view.getInt32(20, true)];
  const quality = VORBIS_RATES.findIndex((rate) => rate >= nominal);
  const isUsual = channels === 2 && sampleRate >= 40_000 && quality >= 0;
  return {
    sampleRate,
    channels,
    encoder: 'libvorbis',
    options: nominal > 0 && !isUsual ? ['-b:a', String(nominal)] : ['-q:a', String(nominal > 0 ? quality : 5)],
    sampleFormat: 'fltp',
    isMore: (packets) => packets.length < 3,
    headers: ([, comments], [first, , setup]) => existing([first, comments, setup]),
  };
};

/** xiph.org/flac/ogg_mapping.html; STREAMINFO: RFC 9639 §8.2. */
const flacCoding = (head: Uint8Array): Coding => {
  const view = viewOf(head);
  const fields = view.getUint32(27);
  const [sampleRate, channels, bits] = [fields >>> 12, ((fields >>> 9) & 7) + 1, ((fields >>> 4) & 31) + 1];
  return {
    sampleRate,
    channels,
    encoder: 'flac',
    options: [],
    sampleFormat: bits > 16 ? 's32' : 's16',
    isMore: (packets) => packets.length === 0 || (packets.length === 1 ? true : ((packets.at(-1)?.[0] ?? 0x80) & 0x80) === 0),
    headers: ([, ...blocks], [first]) => {
      const own = (first ?? new Uint8Array()).slice();
      viewOf(own).setUint16(7, blocks.length);
      return [own, ...blocks];
    },
  };
};

const existing = (packets: readonly (Uint8Array | undefined)[]): readonly Uint8Array[] => {
  const all = packets.filter((packet) => packet !== undefined);
  if (all.length < packets.length) {
    throw damaged('ogg', 0, 'the stream lacks one of its headers');
  }
  return all;
};

/** Headers, with pictures, are held in memory. */
const MAXIMUM_HEADER_BYTES = 64 << 20;

const withHeaders = async (source: ByteSource, encoded: ByteSource, coding: Coding): Promise<ByteSource> => {
  const isMore = (packets: readonly Uint8Array[]): boolean => coding.isMore(packets);
  const before = await leadingOggPackets(source, isMore, MAXIMUM_HEADER_BYTES);
  const after = await leadingOggPackets(encoded, isMore, MAXIMUM_HEADER_BYTES);
  const [first, ...others] = coding.headers(before.packets, after.packets);
  let serial = 0;
  const starts = await walkOggPages(encoded, after.end, (page) => {
    serial = page.serial;
  });
  const style = { serial, isLast: false, packetsPerPage: 255 };
  const head = oggPages(first === undefined ? [] : [{ bytes: first, granule: 0n }], { ...style, sequence: 0, isFirst: true });
  const rest = oggPages(
    others.map((bytes) => ({ bytes, granule: 0n })),
    { ...style, sequence: head.length },
  );
  const change: PageChange = { granule: 0n, sequence: head.length + rest.length - after.pages };
  const sound = renumberedPages(encoded, { starts, end: encoded.size, change: () => change });
  return joinedSource([concat(...head, ...rest), { source: sound, offset: 0, length: sound.size }]);
};
