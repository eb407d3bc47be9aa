// Which kind of document a ZIP archive is. The head rarely says so: its first member may be a picture.
import { readZip } from '@aigc-label/containers';
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
 * The kind of document, by the first member where that is `mimetype`, else by the names of the members, or by those that the head shows where the directory cannot
 * be read. Reads the head and the directory; throws only what the outside world throws.
 */
export const documentKind = async (source: ByteSource): Promise<DocumentKind | undefined> => {
  const seen = known.get(source) ?? (await kindOf(source)) ?? 'none';
  known.set(source, seen);
  return seen === 'none' ? undefined : seen;
};

const kindOf = async (source: ByteSource): Promise<DocumentKind | undefined> => {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const mimetype = mimetypeOf(head);
  if (mimetype !== undefined) {
    return MIMETYPES.find(([type]) => mimetype === type || mimetype.startsWith(`${type}-`))?.[1];
  }
  const names = (await listedNames(source)) ?? namesIn(head);
  const told = TELLTALES.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
  return told ?? (isXmind(names) ? 'xmind' : undefined);
};

/** XMind 2020 and later: content.json with metadata.json; before: content.xml with meta.xml or META-INF/manifest.xml, which OpenDocument has, too, but behind its `mimetype`. */
const isXmind = (names: readonly string[]): boolean =>
  (names.includes('content.json') && (names.includes('metadata.json') || names.includes('manifest.json'))) ||
  (names.includes('content.xml') && (names.includes('meta.xml') || names.includes('META-INF/manifest.xml')));

const mimetypeOf = (head: Uint8Array): string | undefined => {
  const name = latin1(head.subarray(LOCAL_BYTES, LOCAL_BYTES + 8));
  if (!isZipHead(head) || head.length < LOCAL_BYTES + 8 || viewOf(head).getUint16(26, true) !== 8 || name !== 'mimetype') {
    return undefined;
  }
  const start = LOCAL_BYTES + 8 + viewOf(head).getUint16(28, true);
  // Whoever streams it out leaves the size to a descriptor, which begins where the type ends.
  return /^[a-z0-9.+/-]*/.exec(latin1(head.subarray(start, start + 128)).split('PK')[0] ?? '')?.[0];
};

const UNREADABLE: ReadonlySet<LabelErrorCode> = new Set(['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE']);

const listedNames = async (source: ByteSource): Promise<readonly string[] | undefined> => {
  try {
    return (await readZip(source)).entries.map(({ name }) => name);
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
