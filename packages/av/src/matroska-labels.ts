// TC260-PG-20257A: Matroska carries the label in Segment.Tags.Tag.SimpleTag; elements: RFC 9559 §5.1.8.
import { EBML_ID, type EbmlDocument, type EbmlNode, parseElementHeader, parseTree, uintOf } from '@aigc-label/containers';
import { type Anomaly, type ByteSource, fromUtf8, latin1 } from '@aigc-label/core';

/** All Tags of a file, in bytes, that are read. */
const MAXIMUM_TAGS_BYTES = 384 << 10;

/** A label is not longer, in bytes. */
export const MAXIMUM_TEXT_BYTES: number = 64 << 10;

/** Tags elements of one file that are read; honest files have one to three. */
const MAXIMUM_TAGS = 256;

/** Labels of one file that are read; an honest one has one. */
export const MAXIMUM_LABELS = 32;

const MASTERS: ReadonlySet<number> = new Set([EBML_ID.tags, EBML_ID.tag, EBML_ID.targets, EBML_ID.simpleTag]);

/** One SimpleTag under our key; offsets are of its Tags element. */
export interface MatroskaLabel {
  readonly node: EbmlNode;
  readonly site: string;
  /** Whether it stands where the guide says: of the whole file, in no language, its name spelled so. */
  readonly isGuidePlace: boolean;
  /** `undefined` where it cannot be read. */
  readonly text: string | undefined;
}

/** A Tags element. */
export interface MatroskaTags {
  /** Of the Segment it stands in. */
  readonly segment: number;
  /** Offset in the file. */
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
  readonly nodes: readonly EbmlNode[];
  readonly labels: readonly MatroskaLabel[];
  /** Whether it holds labels and nothing of somebody else's. */
  readonly isOnlyLabels: boolean;
  /** Set where only an index leads to it, and it lies inside of something else. */
  readonly isStray: boolean;
}

/** Every Tags element of a file. */
export interface MatroskaSurvey {
  readonly tags: readonly MatroskaTags[];
  readonly anomalies: readonly Anomaly[];
}

/** Where a Tags element stands, and of which Segment it is. */
export interface TagsPlace {
  readonly segment: number;
  readonly start: number;
  readonly end: number;
  readonly isStray: boolean;
}

/** Reads the Tags at these places, and what stands in them under `key`. */
export const surveyTags = async (source: ByteSource, places: readonly TagsPlace[], key: string): Promise<MatroskaSurvey> => {
  const tags: MatroskaTags[] = [];
  const anomalies: Anomaly[] = [];
  const budget = { bytes: MAXIMUM_TAGS_BYTES, labels: MAXIMUM_LABELS };
  for (const { segment, start, end, isStray } of places) {
    const site = siteOf(segment);
    if (tags.length === MAXIMUM_TAGS || budget.labels < 0) {
      anomalies.push({ code: 'limit', site, offset: start, detail: 'more Tags follow than are read' });
      break;
    }
    if (end - start > budget.bytes) {
      anomalies.push({ code: 'limit', site, offset: start, detail: `Tags of ${end - start} bytes are more than are read` });
      continue;
    }
    budget.bytes -= end - start;
    const bytes = await source.read(start, end - start);
    const { roots, problem } = parseTree(bytes, MASTERS, MAXIMUM_TAGS_BYTES >> 3);
    const report = (code: Anomaly['code'], at: number, detail: string): void => {
      anomalies.push({ code, site, offset: start + at, detail });
    };
    if (problem !== undefined) {
      report(problem.code, problem.at, problem.what);
    }
    const [root] = roots;
    const labels: MatroskaLabel[] = [];
    for (const tag of childrenOf(root, EBML_ID.tag)) {
      labels.push(...labelsOfTag(bytes, tag, { site, key, isFirst: segment === 0 }, budget, report));
    }
    const isOnlyLabels = labels.length > 0 && (root?.children ?? []).every((child) => isOurs(child, labels));
    tags.push({ segment, start, end, bytes, nodes: roots, labels, isOnlyLabels, isStray });
  }
  return { tags, anomalies };
};

const siteOf = (segment: number): string => `ebml/Segment${segment === 0 ? '' : `[${segment}]`}/Tags`;

const childrenOf = (node: EbmlNode | undefined, id: number): readonly EbmlNode[] => node?.children?.filter((child) => child.id === id) ?? [];

const isGlobal = ({ id }: EbmlNode): boolean => id === EBML_ID.void || id === EBML_ID.crc32;

/** Whether a child of Tags holds labels and nothing else. */
export const isOurs = (node: EbmlNode, labels: readonly MatroskaLabel[]): boolean =>
  isGlobal(node) ||
  (node.id === EBML_ID.tag &&
    childrenOf(node, EBML_ID.simpleTag).length > 0 &&
    (node.children ?? []).every((child) => isGlobal(child) || child.id === EBML_ID.targets || labels.some((label) => label.node === child)));

interface Place {
  readonly site: string;
  readonly key: string;
  readonly isFirst: boolean;
}

type Report = (code: Anomaly['code'], at: number, detail: string) => void;

const labelsOfTag = (
  bytes: Uint8Array,
  tag: EbmlNode,
  { site, key, isFirst }: Place,
  budget: { labels: number },
  report: Report,
): readonly MatroskaLabel[] => {
  const target = targetOf(bytes, tag);
  const labels: MatroskaLabel[] = [];
  // Nested SimpleTags after their parent; the tree is not deep.
  const open = childrenOf(tag, EBML_ID.simpleTag)
    .map((node) => ({ node, path: '' }))
    .reverse();
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { node, path } = one;
    const name = nameOf(bytes, node);
    if (name?.trim().toUpperCase() !== key) {
      const inside = `${path}SimpleTag/`;
      open.push(
        ...childrenOf(node, EBML_ID.simpleTag)
          .map((child) => ({ node: child, path: inside }))
          .reverse(),
      );
      continue;
    }
    const language = languageOf(bytes, node);
    const [value] = (node.children ?? []).filter(({ id }) => id === EBML_ID.tagString || id === EBML_ID.tagBinary);
    const isBinary = value?.id === EBML_ID.tagBinary;
    const where = `${site}/Tag${target === undefined ? '' : `[${target}]`}/${path}SimpleTag[${key}]${isBinary ? '/TagBinary' : ''}`;
    budget.labels -= 1;
    if (budget.labels < 0) {
      report('limit', node.start, `there are more than ${MAXIMUM_LABELS} labels`);
      return labels;
    }
    const text = value === undefined ? undefined : textOf(bytes, value);
    if (text === undefined) {
      report(
        value !== undefined && value.end - value.dataStart > MAXIMUM_TEXT_BYTES ? 'limit' : 'undecodable',
        node.start,
        `${where} holds no text that can be read`,
      );
    }
    const isPlain = !isBinary && (node.children ?? []).every(({ id }) => id !== EBML_ID.simpleTag);
    const isGuidePlace = isFirst && target === undefined && path === '' && name === key && language === undefined && isPlain;
    labels.push({ node, site: where, isGuidePlace, text });
  }
  return labels;
};

/** What a Tag is about where that is not the whole file: `track`, `chapter` … (RFC 9559 §5.1.8.1.1). */
const targetOf = (bytes: Uint8Array, tag: EbmlNode): string | undefined => {
  for (const child of childrenOf(tag, EBML_ID.targets).flatMap(({ children }) => children ?? [])) {
    const value = uintOf(bytes.subarray(child.dataStart, Math.min(child.end, child.dataStart + 8)));
    const kind = UID_OF.get(child.id);
    // A UID of 0 means all of them, which is the whole file.
    if (kind !== undefined && value !== 0) {
      return kind;
    }
  }
  return undefined;
};

const UID_OF: ReadonlyMap<number, string> = new Map([
  [EBML_ID.tagTrackUid, 'track'],
  [EBML_ID.tagEditionUid, 'edition'],
  [EBML_ID.tagChapterUid, 'chapter'],
  [EBML_ID.tagAttachmentUid, 'attachment'],
]);

/** A string may end early, at a zero (RFC 8794 §7.4). */
const textOf = (bytes: Uint8Array, { dataStart, end }: EbmlNode): string | undefined =>
  end - dataStart > MAXIMUM_TEXT_BYTES ? undefined : fromUtf8(bytes.subarray(dataStart, end))?.split('\0', 1)[0];

/** Names that are longer are not ours. */
const MAXIMUM_NAME_BYTES = 64;

const nameOf = (bytes: Uint8Array, node: EbmlNode): string | undefined => {
  const [name] = childrenOf(node, EBML_ID.tagName);
  return name === undefined || name.end - name.dataStart > MAXIMUM_NAME_BYTES
    ? undefined
    : latin1(bytes.subarray(name.dataStart, name.end)).split('\0', 1)[0];
};

/** The language where one is stated: ffprobe shows such a tag under another key (`AIGC-chi`). */
const languageOf = (bytes: Uint8Array, node: EbmlNode): string | undefined =>
  (node.children ?? [])
    .filter(({ id }) => id === EBML_ID.tagLanguage || id === EBML_ID.tagLanguageBcp47)
    .map(({ dataStart, end }) => latin1(bytes.subarray(dataStart, Math.min(end, dataStart + 16))).split('\0', 1)[0])
    .find((language) => language !== undefined && language !== '' && language !== 'und');

/** Where Tags stand: children of the Segments, and those that only an index leads to. */
export const tagsPlaces = async (
  source: ByteSource,
  { segments }: EbmlDocument,
  indexed: readonly { readonly segment: number; readonly at: number }[],
): Promise<readonly TagsPlace[]> => {
  const places: TagsPlace[] = segments.flatMap(({ elements }, segment) =>
    elements.filter(({ id }) => id === EBML_ID.tags).map(({ start, end }) => ({ segment, start, end, isStray: false })),
  );
  const known = new Set(places.map(({ start }) => start));
  for (const { segment, at } of indexed) {
    if (!known.has(at) && at + 12 <= source.size) {
      known.add(at);
      const header = parseElementHeader(await source.read(at, 12), 0);
      const end = at + (header?.headerBytes ?? 0) + (header?.sizeBytes ?? Number.POSITIVE_INFINITY);
      if (header?.id === EBML_ID.tags && end <= source.size) {
        places.push({ segment, start: at, end, isStray: true });
      }
    }
  }
  return places;
};
