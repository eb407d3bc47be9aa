// All frames of an ID3v2 tag, for whoever has to tell metadata from what is heard or seen: id3v2-00, id3v2.3.0, id3v2.4.0-structure.
import type { ByteSource } from '@aigc-label/core';
import { NO_EXTENDED_HEADER, readExtendedHeader } from './extended-header.ts';
import { walkFrames } from './frames.ts';
import { ID3_HEADER_BYTES, type Id3Header, id3TotalBytes, parseId3Header } from './header.ts';
import { tagBytes } from './tag-bytes.ts';

/** A frame of a surveyed tag. */
export interface Id3Frame {
  readonly id: string;
  /** The second byte of flags: compression, encryption, grouping; 0 in 2.2. */
  readonly formatFlags: number;
  readonly contentBytes: number;
  /** Where it ends in the file. */
  readonly end: number;
  /** Where a byte of its content stands in the file. */
  fileOffset(offset: number): number;
  /** Bytes of its content, unsynchronisation of the whole tag undone. */
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** An ID3v2 tag that was followed to its end. */
export interface Id3Survey {
  readonly header: Id3Header;
  readonly start: number;
  readonly end: number;
  readonly frames: readonly Id3Frame[];
  /** Where the zeros behind the last frame end; `end`, or that of the inside where a footer follows, unless something else stands there. */
  readonly zerosEnd: number;
  /** Where the inside ends and a footer may begin. */
  readonly insideEnd: number;
  /** Whether an offset of a frame's content is one of the file, so that its bytes need not be read to be known. */
  readonly isPlain: boolean;
}

/** Zeros of padding are looked at in windows of this many bytes. */
const WINDOW_BYTES = 64 << 10;

/**
 * The tag whose header stands at `start`; `undefined` where there is none, or where its frames do not add up, so that nothing in it can be told apart.
 *
 * @throws LabelError `LIMIT_EXCEEDED` where a wholly unsynchronised tag is too large to be decoded in memory.
 */
export const surveyId3 = async (source: ByteSource, start: number): Promise<Id3Survey | undefined> => {
  const header = parseId3Header(await source.read(start, Math.min(ID3_HEADER_BYTES, Math.max(0, source.size - start))));
  const insideStart = start + ID3_HEADER_BYTES;
  if (header === undefined || header.unknownFlags || start + id3TotalBytes(header) > source.size) {
    return undefined;
  }
  const insideEnd = insideStart + header.sizeBytes;
  const bytes = await tagBytes(source, header, insideStart, insideEnd);
  const extended = await readExtendedHeader(bytes, header);
  if (extended === undefined) {
    return undefined;
  }
  const walked = await walkFrames(bytes, header, (extended ?? NO_EXTENDED_HEADER).sizeBytes);
  if (walked.problem !== undefined) {
    return undefined;
  }
  const isPlain = bytes.fileOffset(bytes.size) === insideEnd && (header.version === 4 || !header.isUnsynchronised);
  const frames = walked.frames.map(
    ({ id, formatFlags, contentStart, end }): Id3Frame => ({
      id,
      formatFlags,
      contentBytes: end - contentStart,
      end: bytes.fileOffset(end),
      fileOffset: (offset) => bytes.fileOffset(contentStart + offset),
      read: (offset, length) => bytes.read(contentStart + offset, Math.max(0, Math.min(length, end - contentStart - offset))),
    }),
  );
  let zerosEnd = bytes.fileOffset(walked.framesEnd);
  while (zerosEnd < insideEnd) {
    const window = await source.read(zerosEnd, Math.min(WINDOW_BYTES, insideEnd - zerosEnd));
    const other = window.findIndex((byte) => byte !== 0);
    zerosEnd += other < 0 ? window.length : other;
    if (other >= 0) {
      break;
    }
  }
  return { header, start, end: start + id3TotalBytes(header), frames, zerosEnd, insideEnd, isPlain };
};
