// WAVE: IBM/Microsoft "Multimedia Programming Interface and Data Specifications 1.0" and Microsoft "New Multimedia Data Types" (fact, cue, smpl, adtl); bext: EBU Tech 3285; ds64: EBU Tech 3306.
import { listChildren, listType, type Riff, type RiffChunk, readRiff } from '@aigc-label/containers';
import { type ByteSource, damaged, readBounded, type Splice, viewOf } from '@aigc-label/core';
import { frameBytes, type SampleCoding } from './sample-coding.ts';
import {
  type ChunkEdit,
  type FrameInsertion,
  MAXIMUM_POSITION_BYTES,
  movedFrame,
  movedLength,
  notSampleBySample,
  type SampleFile,
} from './sample-file.ts';

/** Reads a WAV (RIFF, RIFX, RF64, BW64). @throws LabelError `NOTICE_UNSUPPORTED` for other codecs, `FILE_DAMAGED`. */
export const readWaveLayout = async (source: ByteSource): Promise<SampleFile> => {
  const riff = await readRiff(source);
  const chunkOf = (id: string): RiffChunk | undefined => riff.chunks.find((chunk) => chunk.id === id);
  const [format, chunk] = [chunkOf('fmt '), chunkOf('data')];
  if (format === undefined || chunk === undefined) {
    throw damaged('wav', riff.end, `there is no chunk "${format === undefined ? 'fmt ' : 'data'}"`);
  }
  const isUnfilled = chunk.isOpen && riff.announcedEnd === undefined;
  if (riff.anomalies.some(({ code }) => code === 'truncated' || code === 'damaged' || code === 'limit') || (chunk.isOpen && !isUnfilled)) {
    throw damaged('wav', riff.end, riff.anomalies[0]?.detail ?? 'the chunks do not fill the file');
  }
  const coding = codingOf(
    await readBounded(source, format.dataStart, format.sizeBytes, MAXIMUM_POSITION_BYTES, 'wav/fmt '),
    riff.isBigEndian,
    format.dataStart,
  );
  const frames = Math.floor(chunk.sizeBytes / frameBytes(coding));
  const fact = chunkOf('fact');
  return {
    ...{ riff, coding, chunk, start: chunk.dataStart, frames },
    moved: async (insertion) => [
      ...(fact === undefined ? [] : [await countEdit(source, riff, fact, insertion)]),
      ...(await positionEdits(source, riff, insertion)),
    ],
    resized: (splices, moreBytes) =>
      dataSizes(source, { riff, chunk, isUnfilled }, splices, { moreBytes, moreFrames: moreBytes / frameBytes(coding) }),
  };
};

const KINDS: Readonly<Record<number, SampleCoding['kind']>> = { 1: 'signed', 3: 'float', 6: 'a-law', 7: 'mu-law' };
const EXTENSIBLE = 0xfffe;
const NAMES: Readonly<Record<number, string>> = { 2: 'Microsoft ADPCM', 17: 'IMA ADPCM', 49: 'GSM 6.10', 80: 'MPEG audio', 85: 'MP3', 255: 'AAC' };

const codingOf = (bytes: Uint8Array, isBigEndian: boolean, offset: number): SampleCoding => {
  if (bytes.length < 16) {
    throw damaged('wav/fmt ', offset, 'the format is cut short');
  }
  const view = viewOf(bytes);
  const u16 = (at: number): number => view.getUint16(at, !isBigEndian);
  const isExtensible = u16(0) === EXTENSIBLE && bytes.length >= 40;
  const tag = isExtensible ? u16(24) : u16(0);
  const [channels, sampleRate, block, stored] = [u16(2), view.getUint32(4, !isBigEndian), u16(12), u16(14)];
  const width = channels === 0 ? 0 : block / channels;
  const kind = KINDS[tag] === 'signed' && width === 1 ? 'unsigned' : KINDS[tag];
  const isKnown = kind === 'float' ? width === 4 || width === 8 : kind === 'a-law' || kind === 'mu-law' ? width === 1 : [1, 2, 3, 4].includes(width);
  const valid = isExtensible ? u16(18) : stored;
  if (kind === undefined || !isKnown) {
    throw notSampleBySample('WAV', NAMES[tag] ?? `format ${tag} of ${stored} bit`);
  }
  if (sampleRate === 0) {
    throw damaged('wav/fmt ', offset, 'the rate is zero');
  }
  const bits = valid > 0 && valid <= 8 * width ? valid : 8 * width;
  return {
    kind,
    bytes: width as SampleCoding['bytes'],
    isBigEndian,
    channels,
    sampleRate,
    bits,
    channelMask: isExtensible ? view.getUint32(20, !isBigEndian) : 0,
  };
};

const U32_MAXIMUM = 0xffffffff;

/** A number in place of another; none where it does not fit, or does not change. */
const numberEdit = (riff: Riff, at: number, before: number, after: number, bytes: 4 | 8 = 4): readonly Splice[] => {
  if (before === after || after < 0 || (bytes === 4 && after >= U32_MAXIMUM)) {
    return [];
  }
  const insert = new Uint8Array(bytes);
  const view = viewOf(insert);
  if (bytes === 4) {
    view.setUint32(0, after, !riff.isBigEndian);
  } else {
    view.setBigUint64(0, BigInt(after), !riff.isBigEndian);
  }
  return [{ at, remove: bytes, insert }];
};

/** `fact`: frames in all; 0 and all ones mean that it was not known, or stands in ds64. */
const countEdit = async (source: ByteSource, riff: Riff, fact: RiffChunk, { at, frames }: FrameInsertion): Promise<ChunkEdit> => {
  const count = fact.sizeBytes < 4 ? 0 : viewOf(await source.read(fact.dataStart, 4)).getUint32(0, !riff.isBigEndian);
  return { chunk: fact, splices: count === 0 || count === U32_MAXIMUM ? [] : numberEdit(riff, fact.dataStart, count, count + at.length * frames) };
};

/** Chunks that name frames of the original; those that name them in a text (iXML, axml) stay as they are. */
const positionEdits = async (source: ByteSource, riff: Riff, insertion: FrameInsertion): Promise<readonly ChunkEdit[]> => {
  const edits: ChunkEdit[] = [];
  const cues = new Map<number, number>();
  const hasPlaylist = riff.chunks.some(({ id }) => id === 'plst');
  const read = async (chunk: RiffChunk): Promise<DataView> =>
    viewOf(await readBounded(source, chunk.dataStart, chunk.sizeBytes, MAXIMUM_POSITION_BYTES, `wav/${chunk.id}`));
  for (const chunk of riff.chunks.filter(({ isOpen }) => !isOpen)) {
    const splices: Splice[] = [];
    const change = (view: DataView, offset: number, moved: (frame: number) => number): number => {
      const before = view.getUint32(offset, !riff.isBigEndian);
      splices.push(...numberEdit(riff, chunk.dataStart + offset, before, moved(before)));
      return before;
    };
    const toItsPlace = (frame: number): number => movedFrame(insertion, frame);
    if (chunk.id === 'cue ') {
      const view = await read(chunk);
      for (let at = 4; at + 24 <= view.byteLength; at += 24) {
        const frame = view.getUint32(at + 20, !riff.isBigEndian);
        const order = view.getUint32(at + 4, !riff.isBigEndian);
        if (!hasPlaylist && (order !== 0 || frame === 0)) {
          change(view, at + 4, toItsPlace);
        }
        change(view, at + 20, toItsPlace);
        cues.set(view.getUint32(at, !riff.isBigEndian), frame);
      }
    } else if (chunk.id === 'smpl') {
      const view = await read(chunk);
      for (let at = 36; at + 24 <= view.byteLength; at += 24) {
        change(view, at + 8, toItsPlace);
        change(view, at + 12, toItsPlace);
      }
    } else if (chunk.id === 'PEAK') {
      const view = await read(chunk);
      for (let at = 8; at + 8 <= view.byteLength; at += 8) {
        change(view, at + 4, toItsPlace);
      }
    } else if (chunk.id === 'bext' && chunk.sizeBytes >= TIME_REFERENCE + 8) {
      const at = chunk.dataStart + TIME_REFERENCE;
      const before = Number(viewOf(await source.read(at, 8)).getBigUint64(0, !riff.isBigEndian));
      // Of the first frame, since midnight: what was recorded then is heard later in the file, so that the file begins earlier. Midnight itself cannot move.
      const after = before - movedFrame(insertion, 0);
      splices.push(...(Number.isSafeInteger(before) ? numberEdit(riff, at, before, after, 8) : []));
    }
    edits.push(...(splices.length === 0 ? [] : [{ chunk, splices }]));
  }
  // What is said of a stretch behind a cue; cues may stand behind the list.
  for (const chunk of riff.chunks) {
    if ((await listType(source, chunk)) === 'adtl') {
      const splices: Splice[] = [];
      for (const child of (await listChildren(source, riff, chunk)).chunks.filter(
        ({ id, sizeBytes, isOpen }) => id === 'ltxt' && sizeBytes >= 8 && !isOpen,
      )) {
        const view = viewOf(await source.read(child.dataStart, 8));
        const [start, length] = [cues.get(view.getUint32(0, !riff.isBigEndian)), view.getUint32(4, !riff.isBigEndian)];
        splices.push(...(start === undefined ? [] : numberEdit(riff, child.dataStart + 4, length, movedLength(insertion, start, length))));
      }
      edits.push(...(splices.length === 0 ? [] : [{ chunk, splices }]));
    }
  }
  return edits;
};

/** Description, originator, its reference, date and time come before it. */
const TIME_REFERENCE = 256 + 32 + 32 + 10 + 8;

/** The sizes of the samples: where the chunk's own says so, they stand in the ds64 of a 64-bit file; those that were never filled in stay so. */
const dataSizes = async (
  source: ByteSource,
  { riff, chunk, isUnfilled }: { readonly riff: Riff; readonly chunk: RiffChunk; readonly isUnfilled: boolean },
  splices: readonly Splice[],
  { moreBytes, moreFrames }: { readonly moreBytes: number; readonly moreFrames: number },
): Promise<readonly Splice[]> => {
  const others = splices.filter(({ at }) => at !== chunk.start + 4);
  const ds64 = riff.magic === 'RF64' || riff.magic === 'BW64' ? riff.chunks.find(({ id, sizeBytes }) => id === 'ds64' && sizeBytes >= 24) : undefined;
  if (isUnfilled) {
    return others;
  }
  if (ds64 === undefined) {
    return splices;
  }
  const view = viewOf(await source.read(ds64.dataStart, 24));
  const [dataBytes, count] = [Number(view.getBigUint64(8, true)), Number(view.getBigUint64(16, true))];
  const isInDs64 = viewOf(await source.read(chunk.start + 4, 4)).getUint32(0, true) === U32_MAXIMUM;
  return [
    ...(isInDs64 ? others : splices),
    ...(dataBytes === chunk.sizeBytes ? numberEdit(riff, ds64.dataStart + 8, dataBytes, dataBytes + moreBytes, 8) : []),
    ...(count === 0 ? [] : numberEdit(riff, ds64.dataStart + 16, count, count + moreFrames, 8)),
  ];
};
