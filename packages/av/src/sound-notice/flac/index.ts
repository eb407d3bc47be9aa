// FLAC: RFC 9639. Lossless, so that the sound may be coded anew and stays bit for bit what it was: checked by the MD5 of all samples, before and after.
import { FLAC_MARKER_BYTES, isFlac, readFlacBlocks } from '@aigc-label/containers';
import { type ByteSource, damaged, joinedSource, type MarkCall, type Marked, type Piece, viewOf } from '@aigc-label/core';
import { findFfmpeg } from '../../ffmpeg/find-ffmpeg.ts';
import { makeWorkFolder, type WorkFolder, withPath } from '../../ffmpeg/work-folder.ts';
import { readFrameTags } from '../../frame-tags.ts';
import { loudnessMeter, matchedGain } from '../loudness/index.ts';
import type { NoticeInserter } from '../notice-inserter.ts';
import { noticePcm } from '../notice-pcm.ts';
import { joinedSamples, type Pcm, pcmLength, scaledPcm } from '../pcm.ts';
import { quietSpot } from '../quiet-spot.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { framesOf, loudnessRemark } from '../uncompressed/index.ts';
import { encodeFrames, frameBytes } from '../uncompressed/sample-coding.ts';
import type { FrameInsertion } from '../uncompressed/sample-file.ts';
import { type EncodedFlac, FlacTool, md5Of, type RawSamples } from './flac-tool.ts';
import { CD_SECTOR_SAMPLES, isCdSheet } from './moved-blocks.ts';
import { newBlocks } from './new-blocks.ts';
import { parseStreamInfo, type StreamInfo } from './stream-info.ts';

/** Inserts the notice into a FLAC: every other sample stays, and every metadata block but the three that count samples. */
export const flacInserter: NoticeInserter = {
  formats: ['flac'],
  async insert(source, _formatId, notice, call) {
    const flac = await readFlac(source);
    const tool = new FlacTool(await findFfmpeg(), flac.info, call.signal);
    const folder = await makeWorkFolder();
    try {
      return await insertInto(source, flac, notice, { ...call, tool, folder });
    } catch (error) {
      await folder.remove();
      throw error;
    }
  },
};

/** A FLAC as far as it must be known. */
interface Flac {
  readonly info: StreamInfo;
  readonly blocks: Awaited<ReturnType<typeof readFlacBlocks>>['blocks'];
  /** Where the marker stands, behind tags of other kinds, and where such tags begin at the end. */
  readonly start: number;
  readonly tail: number;
  readonly cueSheet: Uint8Array | undefined;
}

const readFlac = async (source: ByteSource): Promise<Flac> => {
  const tags = await readFrameTags(source);
  if (!isFlac(await source.read(tags.end, Math.min(FLAC_MARKER_BYTES, source.size - tags.end)))) {
    throw damaged('flac', tags.end, 'the marker fLaC does not stand behind the tags');
  }
  const { blocks, problem } = await readFlacBlocks(source, tags.end);
  const [first] = blocks;
  if (problem !== undefined || first === undefined) {
    throw damaged('flac', problem?.offset ?? 0, problem?.what ?? 'there is no metadata block');
  }
  const sheet = blocks.find(({ type }) => type === CUESHEET);
  const apeStart = tags.ape === undefined ? source.size : (tags.ape.headerAt ?? tags.ape.footerAt + APE_FOOTER_BYTES - tags.ape.sizeBytes);
  const isTagged = source.size >= ID3V1_BYTES && viewOf(await source.read(source.size - ID3V1_BYTES, 4)).getUint32(0) >>> 8 === ID3V1_MARKER;
  return {
    info: parseStreamInfo(await source.read(first.dataStart, first.sizeBytes), first.start),
    ...{ blocks, start: tags.end },
    tail: Math.min(source.size - (isTagged ? ID3V1_BYTES : 0), apeStart, tags.appended?.start ?? source.size),
    cueSheet: sheet === undefined ? undefined : await source.read(sheet.dataStart, sheet.sizeBytes),
  };
};

const CUESHEET = 5;
const APE_FOOTER_BYTES = 32;
const ID3V1_BYTES = 128;
const ID3V1_MARKER = 0x544147;

interface FlacCall extends MarkCall {
  readonly tool: FlacTool;
  readonly folder: WorkFolder;
}

const insertInto = async (source: ByteSource, flac: Flac, notice: ResolvedSoundNotice, call: FlacCall): Promise<Marked> => {
  const { tool, folder, onProgress } = call;
  const { info, blocks, start, tail, cueSheet } = flac;
  const raw = await withPath(source, (path) => tool.decode(path, folder));
  onProgress?.(0.2);
  const { insertion, bytes, remark } = await matched(raw, info, notice, { call, isCd: cueSheet !== undefined && isCdSheet(cueSheet) });
  onProgress?.(0.5);
  const size = frameBytes(raw.coding);
  const places = [0, ...insertion.at.map((frame) => frame * size), raw.source.size];
  const joined = joinedSource(
    places.slice(1).flatMap((to, index): readonly Piece[] => {
      const from = places[index] as number;
      return [{ source: raw.source, offset: from, length: to - from }, ...(index < insertion.at.length ? [bytes] : [])];
    }),
  );
  const encoded = await tool.encode(joined, folder, (share) => onProgress?.(0.5 + 0.4 * share));
  const made = await assembled(source, { blocks, start, tail }, encoded, insertion);
  onProgress?.(1);
  return { kind: 'source', source: made, release: () => folder.remove(), remarks: [{ code: 'content_kept', data: {} }, remark] };
};

/** Where the notice goes, and what goes there. */
const matched = async (
  raw: RawSamples,
  info: StreamInfo,
  notice: ResolvedSoundNotice,
  { call, isCd }: { readonly call: FlacCall; readonly isCd: boolean },
): Promise<{ readonly insertion: FrameInsertion; readonly bytes: Uint8Array; readonly remark: ReturnType<typeof loudnessRemark> }> => {
  const [meter, quiet, hash] = [loudnessMeter(raw.coding), quietSpot(raw.coding, raw.frames), md5Of()];
  for await (const { planes, bytes } of framesOf(
    raw.source,
    { ...raw, start: 0 },
    { ...(call.signal === undefined ? {} : { signal: call.signal }) },
  )) {
    meter.add(planes);
    quiet.add(planes);
    hash.update(bytes);
  }
  // A decoder that goes on behind damage gives other samples, or fewer.
  if ((info.md5 !== '' && hash.digest('hex') !== info.md5) || (info.samples > 0 && info.samples !== raw.frames)) {
    throw damaged('flac', 0, 'its samples are not those of which STREAMINFO holds the MD5');
  }
  const programme = meter.integrated();
  const plain = await noticePcm(notice, info);
  const pcm = isCd ? withWholeSectors(plain) : plain;
  const { factor, loudness } = matchedGain(programme, pcm, raw.coding.channelMask);
  const places = { start: 0, middle: quiet.frame(), end: raw.frames } as const;
  return {
    insertion: { at: notice.positions.map((position) => places[position]), frames: pcmLength(pcm) },
    bytes: encodeFrames(scaledPcm(pcm, factor).channels, raw.coding),
    remark: loudnessRemark(programme, loudness),
  };
};

/** More silence at the end, so that what follows on a CD begins at a sector again. */
const withWholeSectors = (pcm: Pcm): Pcm => {
  const missing = (CD_SECTOR_SAMPLES - (pcmLength(pcm) % CD_SECTOR_SAMPLES)) % CD_SECTOR_SAMPLES;
  return { ...pcm, channels: pcm.channels.map((channel) => joinedSamples([channel, new Float32Array(missing)])) };
};

/** The old blocks before the new frames, and the old tags around them. */
const assembled = async (
  source: ByteSource,
  { blocks, start, tail }: Pick<Flac, 'blocks' | 'start' | 'tail'>,
  encoded: EncodedFlac,
  insertion: FrameInsertion,
): Promise<ByteSource> =>
  joinedSource([
    { source, offset: 0, length: start + FLAC_MARKER_BYTES },
    ...(await newBlocks(source, blocks, encoded, insertion)),
    { source: encoded.source, offset: encoded.framesAt, length: encoded.source.size - encoded.framesAt },
    { source, offset: tail, length: source.size - tail },
  ]);
