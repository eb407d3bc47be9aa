// Which kind of document a ZIP archive is. The head rarely says so: its first member may be a picture.
import { readZip, readZipMember } from '@aigc-label/containers';
import { type ByteSource, HEAD_BYTES, LabelError, type LabelErrorCode, latin1, startsWith, viewOf } from '@aigc-label/core';

/** Kinds of document that are ZIP archives, by the ids of their formats. */
export type DocumentKind = 'docx' | 'xlsx' | 'pptx' | 'odt' | 'ods' | 'odp' | 'epub' | 'xmind' | 'ofd';

/** Whether a file begins as a ZIP archive with a member does; an empty one holds no document. */
export const isZipHead = (head: Uint8Array): boolean => startsWith(head, LOCAL_HEADER);

const LOCAL_HEADER = Uint8Array.of(0x50, 0x4b, 3, 4);
const LOCAL_BYTES = 30;

/** The first member of OpenDocument and EPUB, which says what the rest is (OpenDocument 1.3 part 2 §3.3, EPUB OCF §4.3). */
const MIMETYPES: readonly (readonly [string, DocumentKind])[] = [
  ['application/vnd.oasis.opendocument.text', 'odt'],
  ['application/vnd.oasis.opendocument.spreadsheet', 'ods'],
  ['application/vnd.oasis.opendocument.presentation', 'odp'],
  ['application/epub+zip', 'epub'],
];

/** Kinds that a member gives away, the surest first. */
const TELLTALES: readonly (readonly [RegExp, DocumentKind])[] = [
  [/^META-INF\/container\.xml$/, 'epub'],
  [/^OFD\.xml$/, 'ofd'],
  [/^word\//i, 'docx'],
  [/^xl\//i, 'xlsx'],
  [/^ppt\//i, 'pptx'],
];

/** Sources that were looked at: nine formats ask the same. */
const known = new WeakMap<ByteSource, DocumentKind | 'none'>();

/**
 * The kind of document, by the member `mimetype`, else by the names of the members, or by those that the head shows where the directory cannot
 * be read. Reads the head and the directory; throws only what the outside world throws.
 */
export const documentKind = async (source: ByteSource): Promise<DocumentKind | undefined> => {
  const seen = known.get(source) ?? (await kindOf(source)) ?? 'none';
  known.set(source, seen);
  return seen === 'none' ? undefined : seen;
};

const kindOf = async (source: ByteSource): Promise<DocumentKind | undefined> => {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const listed = mimetypeOf(head) === undefined ? await listedIn(source) : undefined;
  const mimetype = mimetypeOf(head) ?? listed?.mimetype;
  if (mimetype !== undefined) {
    return MIMETYPES.find(([type]) => mimetype === type || mimetype.startsWith(`${type}-`))?.[1];
  }
  const names = listed?.names ?? namesIn(head);
  const told = TELLTALES.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  return told ?? (isXmind(names) && !names.includes('mimetype') ? 'xmind' : undefined);
};

/** XMind 2020 and later: content.json with metadata.json; before: content.xml with meta.xml or META-INF/manifest.xml, which OpenDocument has, too, but behind its `mimetype`. */
const isXmind = (names: readonly string[]): boolean =>
  (names.includes('content.json') && (names.includes('metadata.json') || names.includes('manifest.json'))) ||
  (names.includes('content.xml') && (names.includes('meta.xml') || names.includes('META-INF/manifest.xml')));

const mimetypeOf = (head: Uint8Array): string | undefined => {
  const name = latin1(head.subarray(LOCAL_BYTES, LOCAL_BYTES + 8));
  const isStored = head.length >= LOCAL_BYTES + 8 && viewOf(head).getUint16(8, true) === 0;
  if (!isZipHead(head) || !isStored || viewOf(head).getUint16(26, true) !== 8 || name !== 'mimetype') {
    return undefined;
  }
  const start = LOCAL_BYTES + 8 + viewOf(head).getUint16(28, true);
  // Whoever streams it out leaves the size to a descriptor, which begins where the type ends.
  return /^[a-z0-9.+/-]*/.exec(latin1(head.subarray(start, start + 128)).split('PK')[0] ?? '')?.[0];
};

const UNREADABLE: ReadonlySet<LabelErrorCode> = new Set(['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE']);

/** Types have some 60 characters. */
const MAXIMUM_MIMETYPE_BYTES = 256;

/** What the directory lists. A document that was unpacked and packed again by hand has its `mimetype` anywhere, and deflated; office programs open it all the same. */
const listedIn = async (source: ByteSource): Promise<{ readonly names: readonly string[]; readonly mimetype: string | undefined } | undefined> => {
  const zip = await unlessUnreadable(readZip(source));
  if (zip === undefined) {
    return undefined;
  }
  const member = zip.entries.find(({ name }) => name === 'mimetype');
  const type = member === undefined ? undefined : await unlessUnreadable(readZipMember(source, zip, member, MAXIMUM_MIMETYPE_BYTES));
  return { names: zip.entries.map(({ name }) => name), mimetype: type === undefined ? undefined : latin1(type).trim() };
};

const unlessUnreadable = async <Value>(promise: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof LabelError && UNREADABLE.has(error.code)) {
      return undefined;
    }
    throw error;
  }
};

/** Names of the members that begin in the head, wherever a local header seems to stand. */
const namesIn = (head: Uint8Array): readonly string[] => {
  const names: string[] = [];
  for (let at = 0; at >= 0 && at + LOCAL_BYTES <= head.length; at = head.indexOf(0x50, at + 1)) {
    if (startsWith(head, LOCAL_HEADER, at)) {
      names.push(latin1(head.subarray(at + LOCAL_BYTES, at + LOCAL_BYTES + viewOf(head).getUint16(at + 26, true))));
    }
  }
  return names;
};
