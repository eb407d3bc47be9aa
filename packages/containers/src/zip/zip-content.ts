// What the signed content digest covers of a ZIP archive (spec/content/text.md §1): every byte but the offsets, which are checked, and what a format takes out of the parts that it labels.
import type { ByteRange, ByteSource, ContentPart, ContentPiece, ContentPlan } from '@aigc-label/core';
import { concat, damaged, viewOf } from '@aigc-label/core';
import { addedMember } from './edit-zip.ts';
import { endPieces } from './end-content.ts';
import { headerValues } from './header-content.ts';
import { type LocalMember, memberEnd, readLocalMember } from './read-member.ts';
import type { Zip, ZipEntry } from './read-zip.ts';

const STORED = 0;

/** A member of which something is left out. */
export interface ZipMemberContent {
  /** What it holds, unpacked, without what is left out. */
  readonly value: Uint8Array;
  /** Set, with what it holds, where nothing but a label stands in it: it is left out as a whole where it is, to the byte, as `editZip` adds it. */
  readonly added?: Uint8Array;
  /** What was left out, in offsets of `data`; ascending, disjoint. */
  readonly cuts: readonly ByteRange[];
}

/** What a format says of the members of an archive. */
export interface ZipContentOptions {
  /** Members of which something is left out. They must have been read with `readZipMember`, which compares their checksums. */
  readonly edited: ReadonlyMap<ZipEntry, ZipMemberContent>;
  /** Whether a member holds what is perceived itself. */
  isPerceived(name: string): boolean;
}

interface Placed {
  readonly entry: ZipEntry;
  readonly local: LocalMember;
  readonly end: number;
}

/**
 * The parts and carriers of an archive: a part for each member, in the order of their names, then `/headers`, `/between` and `/end`, which no member can be called.
 *
 * @throws LabelError `FILE_DAMAGED` where the archive has a fault, or a number in it contradicts another one.
 */
export const zipContent = async (
  source: ByteSource,
  zip: Zip,
  { edited, isPerceived }: ZipContentOptions,
): Promise<Pick<ContentPlan, 'parts' | 'carriers'>> => {
  if (zip.fault !== undefined) {
    throw zip.fault;
  }
  const members: Placed[] = [];
  for (const entry of zip.entries) {
    const local = await readLocalMember(source, zip, entry);
    members.push({ entry, local, end: await memberEnd(source, entry, local) });
  }
  const parts: ContentPart[] = [];
  const headers: ContentPiece[] = [];
  const carriers: ByteRange[] = [];
  for (const member of members.toSorted((a, b) => (a.entry.name < b.entry.name ? -1 : 1))) {
    const { entry, local, end } = member;
    const { name } = entry;
    const record = zip.directory.subarray(entry.record.start, entry.record.end);
    const content = edited.get(entry);
    if (content?.added !== undefined && isAsAdded(member, record, content.added)) {
      const recordStart = zip.end.directoryStart + entry.record.start;
      carriers.push({ start: entry.start, end }, { start: recordStart, end: recordStart + record.length });
    } else if (content === undefined) {
      parts.push({ name, pieces: [{ start: local.dataStart, end: local.dataEnd }], ...(isPerceived(name) ? { isPerceived: true } : {}) });
      headers.push({ start: entry.start, end: local.dataStart }, { start: local.dataEnd, end }, withoutOffset(record, entry));
    } else {
      parts.push({ name, pieces: [content.value], ...(isPerceived(name) ? { isPerceived: true } : {}) });
      headers.push(...headerValues(entry, local.header, record));
      carriers.push(...carriersOf(entry, local, content.cuts));
    }
  }
  return {
    parts: [
      ...parts,
      { name: '/headers', pieces: headers },
      { name: '/between', pieces: gaps(members) },
      { name: '/end', pieces: await endPieces(source, zip) },
    ],
    carriers: carriers.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start),
  };
};

/** Of what is deflated nobody can say where in the packed bytes something stands, and more than one sequence of them gives the same data: what is unpacked is covered. */
const carriersOf = ({ method }: ZipEntry, { dataStart, dataEnd }: LocalMember, cuts: readonly ByteRange[]): readonly ByteRange[] =>
  method === STORED ? cuts.map(({ start, end }) => ({ start: dataStart + start, end: dataStart + end })) : [{ start: dataStart, end: dataEnd }];

const isAsAdded = ({ entry, local, end }: Placed, record: Uint8Array, data: Uint8Array): boolean => {
  const added = addedMember(entry.name, data);
  const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
  return (
    end - entry.start === added.local.length &&
    same(local.header, added.local.subarray(0, local.header.length)) &&
    same(withoutOffset(record, entry), added.record)
  );
};

const withoutOffset = (record: Uint8Array, { offsetField, record: { start } }: ZipEntry): Uint8Array => {
  const at = offsetField.at - start;
  return concat(record.subarray(0, at), new Uint8Array(offsetField.isWide ? 8 : 4), record.subarray(at + (offsetField.isWide ? 8 : 4)));
};

/** What stands before, between and behind the members: archives that unpack themselves begin with a program, others are aligned. Each with its length. */
const gaps = (members: readonly Placed[]): readonly ContentPiece[] => {
  const sorted = members.toSorted((a, b) => a.entry.start - b.entry.start);
  const before = sorted[0]?.entry.start ?? 0;
  return [{ start: 0, end: before }, ...sorted.map(({ entry, end }) => ({ start: end, end: entry.limit }))]
    .filter(({ start, end }) => end > start)
    .flatMap((gap) => [lengthOf(gap), gap]);
};

const lengthOf = ({ start, end }: ByteRange): Uint8Array => {
  if (end < start) {
    throw damaged('zip', start, 'a member shares bytes with another one');
  }
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt(end - start));
  return bytes;
};
