// What of an ID3v2 tag is metadata, and what is seen or steers the sound (spec/content/audio.md §2).
import { type Id3Frame, surveyId3 } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, latin1 } from '@aigc-label/core';
import { type ContentSheet, cover, isXmpPacket } from './content-sheet.ts';

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
    const from = await coveredFrom(frame);
    if (from === undefined) {
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
  sheet.carriers.push(...(carriers as readonly ByteRange[]));
  return tag.end;
};

/** Frames that say something of the recording and change nothing of it: of 2.3 and 2.4 by name, of 2.2 likewise. T… and W… are texts and addresses. */
const METADATA: ReadonlySet<string> = new Set([
  ...['COMM', 'USLT', 'SYLT', 'UFID', 'MCDI', 'POPM', 'PCNT', 'USER', 'OWNE', 'COMR', 'IPLS', 'GRID'],
  ...['COM', 'ULT', 'SLT', 'UFI', 'MCI', 'POP', 'CNT', 'IPL'],
]);

/** TDLY is silence between two pieces (id3v2.3.0 §4.2.1): a player keeps it. */
const STEERING: ReadonlySet<string> = new Set(['TDLY', 'TDY']);

/** Bytes in front of a picture or object that are looked at: its media type and its description. */
const LEAD_BYTES = 1024;

/** From which byte of its content on a frame is covered; `undefined` where it is metadata as a whole. */
const coveredFrom = async (frame: Id3Frame): Promise<number | undefined> => {
  const { id, formatFlags } = frame;
  if (formatFlags !== 0 && (formatFlags & 0x0c) !== 0) {
    return 0;
  }
  if (STEERING.has(id)) {
    return 0;
  }
  const lead = await frame.read(0, Math.min(frame.contentBytes, LEAD_BYTES));
  if (id === 'TXXX' || id === 'COMM' || id === 'TXX' || id === 'COM') {
    // iTunes' encoder delay: what is cut off at both ends.
    return plainLatin(lead).includes('iTunSMPB') ? 0 : undefined;
  }
  if (METADATA.has(id) || /^[TW][A-Z0-9]{2,3}$/.test(id)) {
    return undefined;
  }
  if (id === 'APIC' || id === 'PIC') {
    return pictureStart(lead, id, formatFlags) ?? 0;
  }
  if (id === 'PRIV' && latin1(lead.subarray(0, 4)) === 'XMP\0') {
    return isXmpPacket(await frame.read(4, frame.contentBytes - 4)) ? undefined : 0;
  }
  return id === 'GEOB' && isManifest(lead) ? undefined : 0;
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
