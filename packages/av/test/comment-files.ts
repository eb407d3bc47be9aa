// Builders of comment lists and FLAC files, and an own cutter of our comment; none of it uses the readers under test.
import { bytesOf, le32 } from './mp3-files.ts';

export const comments = (list: readonly (string | Uint8Array)[], { vendor = 'nobody', count = list.length } = {}): Uint8Array =>
  bytesOf(le32(vendor.length), vendor, le32(count), ...list.map((one) => bytesOf(le32(one.length), one)));

export const block = (type: number, data: Uint8Array, { isLast = false, size = data.length } = {}): Uint8Array =>
  bytesOf([type | (isLast ? 0x80 : 0), size >>> 16, (size >>> 8) & 255, size & 255], data);

/** 8 kHz, mono, 16 bit, 192 samples. */
export const streamInfo: Uint8Array = bytesOf([0, 192, 0, 192, 0, 0, 0, 0, 0, 0, 0x01, 0xf4, 0, 0xf0, 0, 0, 0, 192], new Uint8Array(16));

/** A frame of silence: a constant subframe. */
export const frames: Uint8Array = bytesOf([0xff, 0xf8, 0x14, 0x08, 0, 0x57, 0, 0, 0, 0x12, 0x34]);

export const flacFile = (...blocks: readonly (readonly [type: number, data: Uint8Array])[]): Uint8Array =>
  bytesOf(
    'fLaC',
    ...[[0, streamInfo] as const, ...blocks].map(([type, data], index) => block(type, data, { isLast: index === blocks.length })),
    frames,
  );

/** What a FLAC holds besides our label: its blocks (comments one by one) and its frames, and what stands in front of the marker. */
export const foreignBlocks = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const marker = file.indexOf('fLaC');
  const blocks: unknown[] = [];
  let at = marker + 4;
  for (let isLast = false; !isLast; ) {
    const [kind, size] = [file.readUInt8(at) & 0x7f, file.readUIntBE(at + 1, 3)];
    isLast = file.readUInt8(at) >= 0x80;
    const data = file.subarray(at + 4, at + 4 + size);
    blocks.push({ kind, data: kind === 4 ? foreignComments(data) : data.toString('latin1') });
    at += 4 + size;
  }
  const isNew = (one: unknown): boolean => JSON.stringify(one) === '{"kind":4,"data":{"vendor":"aigc-label","list":[],"rest":""}}';
  return {
    front: file.subarray(0, marker).toString('latin1'),
    blocks: blocks.filter((one) => !isNew(one)),
    frames: file.subarray(at).toString('latin1'),
  };
};

/** A list without our comments. */
export const foreignComments = (data: Buffer): { readonly vendor: string; readonly list: readonly string[]; readonly rest: string } => {
  let at = 0;
  const text = (): string => {
    const length = data.readUInt32LE(at);
    at += 4 + length;
    return data.subarray(at - length, at).toString('latin1');
  };
  const vendor = text();
  at += 4;
  const list = Array.from({ length: data.readUInt32LE(at - 4) }, text);
  return { vendor, list: list.filter((one) => !/^aigc=|^comment=AIGC|^description=\{"AIGC"/i.test(one)), rest: data.subarray(at).toString('latin1') };
};
