// Apple "Audio Interchange File Format: AIFF", 1.3, and "AIFF-C", draft 1991-08-26; sowt, in24 and their like: QuickTime File Format, sound sample descriptions.
import { type Riff, type RiffChunk, readRiff } from '@aigc-label/containers';
import { type ByteSource, damaged, latin1, readBounded, type Splice, u32be, viewOf } from '@aigc-label/core';
import { frameBytes, type SampleCoding } from './sample-coding.ts';
import { type ChunkEdit, type FrameInsertion, MAXIMUM_POSITION_BYTES, movedFrame, notSampleBySample, type SampleFile } from './sample-file.ts';

/** Reads an AIFF or AIFF-C. @throws LabelError `NOTICE_UNSUPPORTED` for other codecs, `FILE_DAMAGED`. */
export const readAiffLayout = async (source: ByteSource): Promise<SampleFile> => {
  const riff = await readRiff(source);
  const chunkOf = (id: string): RiffChunk | undefined => riff.chunks.find((chunk) => chunk.id === id);
  const [common, chunk] = [chunkOf('COMM'), chunkOf('SSND')];
  if (common === undefined || chunk === undefined) {
    throw damaged('aiff', riff.end, `there is no chunk "${common === undefined ? 'COMM' : 'SSND'}"`);
  }
  if (chunk.isOpen || chunk.sizeBytes < 8 || riff.anomalies.some(({ code }) => code === 'truncated' || code === 'damaged' || code === 'limit')) {
    throw damaged('aiff', riff.end, riff.anomalies[0]?.detail ?? 'the chunks do not fill the file');
  }
  const view = viewOf(await readBounded(source, common.dataStart, common.sizeBytes, MAXIMUM_POSITION_BYTES, 'aiff/COMM'));
  const coding = codingOf(view, riff, common.dataStart);
  const start = chunk.dataStart + 8 + viewOf(await source.read(chunk.dataStart, 4)).getUint32(0);
  const end = chunk.dataStart + chunk.sizeBytes;
  const count = view.getUint32(2);
  if (start > end || count > (end - start) / frameBytes(coding)) {
    throw damaged('aiff/SSND', chunk.start, `${count} frames are announced, and the chunk has no room for them`);
  }
  return {
    ...{ riff, coding, chunk, start, frames: count },
    moved: async (insertion) => {
      const { at, frames } = insertion;
      const announced = count + at.length * frames;
      if (announced > U32_MAXIMUM) {
        throw notSampleBySample('AIFF', 'more than 2^32 frames');
      }
      const counted = { chunk: common, splices: [{ at: common.dataStart + 2, remove: 4, insert: u32be(announced) }] };
      return [counted, ...(await markerEdits(source, riff, insertion))];
    },
    resized: async (splices) => splices,
  };
};

const U32_MAXIMUM = 0xffffffff;

/** AIFF-C's four letters; the width where it is not that of the samples' bits. */
const CODECS: Readonly<
  Record<string, { readonly kind: SampleCoding['kind']; readonly isLittleEndian?: true; readonly bytes?: SampleCoding['bytes'] }>
> = {
  NONE: { kind: 'signed' },
  twos: { kind: 'signed' },
  sowt: { kind: 'signed', isLittleEndian: true },
  in24: { kind: 'signed', bytes: 3 },
  in32: { kind: 'signed', bytes: 4 },
  'raw ': { kind: 'unsigned', bytes: 1 },
  fl32: { kind: 'float', bytes: 4 },
  FL32: { kind: 'float', bytes: 4 },
  fl64: { kind: 'float', bytes: 8 },
  FL64: { kind: 'float', bytes: 8 },
  alaw: { kind: 'a-law', bytes: 1 },
  ALAW: { kind: 'a-law', bytes: 1 },
  ulaw: { kind: 'mu-law', bytes: 1 },
  ULAW: { kind: 'mu-law', bytes: 1 },
};

const codingOf = (view: DataView, riff: Riff, offset: number): SampleCoding => {
  if (view.byteLength < 18) {
    throw damaged('aiff/COMM', offset, 'the format is cut short');
  }
  const letters = riff.formType === 'AIFC' && view.byteLength >= 22 ? latin1(new Uint8Array(view.buffer, view.byteOffset + 18, 4)) : 'NONE';
  const codec = CODECS[letters];
  const [channels, stored, sampleRate] = [view.getUint16(0), view.getUint16(6), Math.round(extended(view, 8))];
  const bytes = codec?.bytes ?? Math.ceil(stored / 8);
  if (codec === undefined || channels === 0 || (codec.bytes === undefined && (bytes < 1 || bytes > 4))) {
    throw notSampleBySample('AIFF', codec === undefined ? letters : `${channels} channels of ${stored} bit`);
  }
  if (!(sampleRate >= 1 && sampleRate <= 10_000_000)) {
    throw damaged('aiff/COMM', offset, 'the rate is none');
  }
  const bits = codec.bytes === undefined ? stored : 8 * bytes;
  return {
    kind: codec.kind,
    bytes: bytes as SampleCoding['bytes'],
    isBigEndian: codec.isLittleEndian !== true,
    channels,
    sampleRate,
    bits,
    channelMask: 0,
  };
};

/** A number of IEEE 754's 80 bits. */
const extended = (view: DataView, at: number): number =>
  (view.getUint32(at + 2) * 2 ** 32 + view.getUint32(at + 6)) * 2 ** ((view.getUint16(at) & 0x7fff) - 16_383 - 63);

/** `MARK`: places between frames, each with a name; loops and comments refer to them. */
const markerEdits = async (source: ByteSource, riff: Riff, insertion: FrameInsertion): Promise<readonly ChunkEdit[]> => {
  const edits: ChunkEdit[] = [];
  for (const chunk of riff.chunks.filter(({ id, isOpen, sizeBytes }) => id === 'MARK' && !isOpen && sizeBytes >= 2)) {
    const view = viewOf(await readBounded(source, chunk.dataStart, chunk.sizeBytes, MAXIMUM_POSITION_BYTES, 'aiff/MARK'));
    const splices: Splice[] = [];
    for (let at = 2, left = view.getUint16(0); left > 0 && at + 7 <= view.byteLength; left -= 1) {
      const moved = movedFrame(insertion, view.getUint32(at + 2));
      splices.push(...(moved > U32_MAXIMUM ? [] : [{ at: chunk.dataStart + at + 2, remove: 4, insert: u32be(moved) }]));
      const name = view.getUint8(at + 6) + 1;
      at += 6 + name + (name % 2);
    }
    edits.push({ chunk, splices });
  }
  return edits;
};
