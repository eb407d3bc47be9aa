// What of an ID3v2 tag is metadata, and what is seen or steers the sound (spec/content/audio.md §2).
import { hasDescription, type Id3Frame, surveyId3 } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, latin1 } from '@aigc-label/core';
import { type ContentSheet, cover, isPlainText, isXmpPacket, leaveOut } from './content-sheet.ts';

/**
 * Puts the tag at `start` on the sheet: its frames of metadata, headers and padding are carriers; pictures, frames that steer the sound and whatever else is covered as content.
 *
 * @param offset of the source's first byte in the file. @param name in front of the parts' names.
 * @returns where the tag ends; `undefined` where it is none or cannot be followed: then nothing was put down.
 * @throws LabelError `LIMIT_EXCEEDED` as `surveyId3`.
 */
export const id3Content = async (source: ByteSource, start: number, sheet: ContentSheet, offset = 0, name = 'id3'): Promise<number | undefined> => {
  const tag = await surveyId3(source, start);
  if (tag === undefined) {
    return undefined;
  }
  const covered: ByteRange[] = [];
  const parts: { readonly name: string; readonly pieces: readonly ContentPiece[] }[] = [];
  for (const frame of tag.frames) {
    const from = await fateOf(frame, tag.header.version);
    if (from === 'foreign') {
      sheet.anomalies.push({
        site: `${name}/${frame.id}`,
        offset: offset + frame.fileOffset(0),
        detail: 'what stands in the place of a label is no text',
      });
    }
    if (typeof from === 'string') {
      continue;
    }
    const at = { start: offset + frame.fileOffset(from), end: offset + frame.end };
    covered.push(at);
    const piece = tag.isPlain ? at : await frame.read(from, frame.contentBytes - from);
    parts.push({ name: `${name}/${frame.id}`, pieces: [Uint8Array.of(frame.formatFlags), piece] });
  }
  // In the order of their names: a tool that writes the tag anew has an order of its own.
  for (const part of parts.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    cover(sheet, part.name, ...part.pieces);
  }
  const junk = { start: offset + tag.zerosEnd, end: offset + tag.insideEnd };
  cover(sheet, `${name}/padding`, junk);
  const carriers = allBut(
    offset + start,
    offset + tag.end,
    [...covered, junk].filter((range) => range.end > range.start),
  );
  leaveOut(sheet, carriers);
  return tag.end;
};

/** Frames of text: behind the byte of the encoding T… and TXXX have it at once, COMM, USLT and USER behind a language. W… are addresses. */
const isText = (id: string): boolean => /^[TW][A-Z0-9]{2,3}$/.test(id) || TEXTS.has(id);
const TEXTS: ReadonlySet<string> = new Set(['COMM', 'USLT', 'USER', 'IPLS', 'COM', 'ULT', 'IPL']);
const DESCRIBED: ReadonlySet<string> = new Set(['TXXX', 'COMM', 'TXX', 'COM']);

/** Numbers and identities: of the piece, the disc, ratings, plays, owner, group. */
const IDENTITIES: ReadonlySet<string> = new Set(['UFID', 'MCDI', 'POPM', 'PCNT', 'OWNE', 'GRID', 'UFI', 'MCI', 'POP', 'CNT']);
const LYRICS: ReadonlySet<string> = new Set(['SYLT', 'SLT']);

/** TDLY is silence between two pieces (id3v2.3.0 §4.2.1): a player keeps it. */
const STEERING: ReadonlySet<string> = new Set(['TDLY', 'TDY']);

/** Longer texts, and longer identities, are none; in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;
const MAXIMUM_IDENTITY_BYTES = 4096;

/** Bytes in front of a picture or object that are looked at: its media type and its description. */
const LEAD_BYTES = 1024;

/** What becomes of a frame: metadata as a whole, a label that is none, or covered from a byte of its content on. */
type Fate = 'metadata' | 'foreign' | number;

const fateOf = async (frame: Id3Frame, version: number): Promise<Fate> => {
  const { id, formatFlags, contentBytes } = frame;
  const isPacked = (formatFlags & (version === 4 ? 0x0c : 0xc0)) !== 0;
  if (isPacked || STEERING.has(id)) {
    return 0;
  }
  const lead = await frame.read(0, Math.min(contentBytes, LEAD_BYTES));
  if (isText(id)) {
    const isOne = contentBytes <= MAXIMUM_TEXT_BYTES && isTextOf(id, await frame.read(0, contentBytes));
    // iTunes' encoder delay: what is cut off at both ends.
    const isDelay = DESCRIBED.has(id) && plainLatin(lead).includes('iTunSMPB');
    const isLabel = DESCRIBED.has(id) && hasDescription(lead.subarray(prefixBytes(formatFlags, version)), 'AIGC', id.startsWith('C'));
    return isOne && !isDelay ? 'metadata' : isLabel ? 'foreign' : 0;
  }
  if (IDENTITIES.has(id) || LYRICS.has(id)) {
    return contentBytes <= (LYRICS.has(id) ? MAXIMUM_TEXT_BYTES : MAXIMUM_IDENTITY_BYTES) ? 'metadata' : 0;
  }
  if (id === 'APIC' || id === 'PIC') {
    return pictureStart(lead, id, formatFlags) ?? 0;
  }
  if (id === 'PRIV' && latin1(lead.subarray(0, 4)) === 'XMP\0') {
    return isXmpPacket(await frame.read(4, contentBytes - 4)) ? 'metadata' : 0;
  }
  return id === 'GEOB' && isManifest(lead) ? 'metadata' : 0;
};

/** Group and length in front of the content (id3v2.4.0-structure §4.1.2, id3v2.3.0 §3.3.1). */
const prefixBytes = (flags: number, version: number): number =>
  version === 4 ? ((flags & 0x40) !== 0 ? 1 : 0) + ((flags & 0x01) !== 0 ? 4 : 0) : (flags & 0x20) !== 0 ? 1 : 0;

/** No control characters but line ends, tabs and the zeros that separate texts; in UTF-16 anything goes. */
const isTextOf = (id: string, bytes: Uint8Array): boolean => {
  const isWide = !id.startsWith('W') && (bytes[0] === 1 || bytes[0] === 2);
  return isWide || isPlainText((id.startsWith('W') ? bytes : bytes.subarray(1)).map((byte) => (byte === 0 ? 0x20 : byte)));
};

const plainLatin = (bytes: Uint8Array): string => latin1(bytes.subarray(0, 64)).replaceAll('\0', '');

/** C2PA 2.1 §A.3.3: a manifest store in GEOB, which is metadata with a signature of its own: a JUMBF superbox that fills the frame is not asked for, as its digest covers the sound too. */
const isManifest = (lead: Uint8Array): boolean => {
  const text = latin1(lead);
  return /^[\0\x03](application\/x-c2pa-manifest-store|application\/c2pa)\0[^\0]*\0[^\0]*\0[\s\S]{4}jumb/.test(text);
};

/** Where the picture itself begins behind encoding, media type, kind and description (id3v2.3.0 §4.15, id3v2-00 §4.15). */
const pictureStart = (lead: Uint8Array, id: string, formatFlags: number): number | undefined => {
  if (formatFlags !== 0) {
    return undefined;
  }
  const typeEnd = id === 'PIC' ? 4 : lead.indexOf(0, 1) + 1;
  if (typeEnd <= 0) {
    return undefined;
  }
  const isWide = lead[0] === 1 || lead[0] === 2;
  for (let at = typeEnd + 1; at < lead.length; at += isWide ? 2 : 1) {
    if (lead[at] === 0 && (!isWide || lead[at + 1] === 0)) {
      return at + (isWide ? 2 : 1);
    }
  }
  return undefined;
};
