// The outermost elements of Matroska: RFC 9559 §4.5 (Segment, Cluster), unknown sizes: RFC 8794 §6.2.
import { type Anomaly, type ByteSource, LabelError } from '@aigc-label/core';
import { EBML_ID } from './element.ts';
import { type EbmlHead, readEbmlHead } from './head.ts';
import { type HeaderBudget, type HeaderWindow, headerWindow } from './header-window.ts';

/** Segments of one file that are followed; honest files have one. */
const MAXIMUM_SEGMENTS = 8;

/** Children of one Segment, Clusters left out, that are followed; honest files have ten. */
const MAXIMUM_CHILDREN = 20_000;

/** An element of a Segment; offsets are of the file. */
export interface EbmlElement {
  readonly id: number;
  readonly start: number;
  readonly dataStart: number;
  /** Behind its last byte; where the file ends for one that was cut. */
  readonly end: number;
}

/** A Segment with its children. */
export interface EbmlSegment {
  readonly start: number;
  readonly dataStart: number;
  /** The size field: its width in bytes, and what it says; `undefined` where the size is unknown. */
  readonly sizeWidth: number;
  readonly sizeBytes: number | undefined;
  /** Behind its last element. */
  readonly end: number;
  /** Its children in order, Clusters left out but for the first. */
  readonly elements: readonly EbmlElement[];
  readonly firstCluster: EbmlElement | undefined;
  /** Set where its children could be followed to the last. */
  readonly isWhole: boolean;
  /** Set where the file ends inside a Cluster, which does no harm to anything before it. */
  readonly isCutInCluster: boolean;
  /** Whether the file ends right behind an element of a Segment that announces more. */
  readonly isCutBehindElement: boolean;
}

/** A file of EBML with Segments. */
export interface EbmlDocument {
  readonly head: EbmlHead;
  readonly segments: readonly EbmlSegment[];
  readonly anomalies: readonly Anomaly[];
}

/**
 * The outermost structure of a file; of Clusters whose size is known, only headers are read.
 *
 * @param onCluster called for each Cluster in order.
 * @throws LabelError `FILE_DAMAGED` where there is no EBML header, `FORMAT_UNSUPPORTED_FEATURE` where its IDs or sizes are longer than Matroska's.
 */
export const readEbmlDocument = async (
  source: ByteSource,
  budget: HeaderBudget,
  onCluster: (segmentIndex: number, cluster: EbmlElement) => void = () => {},
): Promise<EbmlDocument> => {
  const head = await readEbmlHead(source);
  const window = headerWindow(source, budget);
  const segments: EbmlSegment[] = [];
  const anomalies: Anomaly[] = [];
  let position = head.end;
  while (position < source.size) {
    const header = await orLimit(window.headerAt(position));
    if (header === 'limit') {
      anomalies.push({ code: 'limit', site: 'ebml', offset: position, detail: TOO_MANY });
      break;
    }
    const dataStart = position + (header?.headerBytes ?? 0);
    const announcedEnd = dataStart + (header?.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (header?.id === EBML_ID.segment && segments.length < MAXIMUM_SEGMENTS) {
      const start = position;
      const { segment, problems } = await readSegment(
        source,
        window,
        { start, dataStart, sizeWidth: header.sizeWidth, sizeBytes: header.sizeBytes },
        (cluster) => onCluster(segments.length, cluster),
      );
      anomalies.push(...problems);
      segments.push(segment);
      position = segment.end;
      if (!segment.isWhole) {
        break;
      }
    } else if (header !== undefined && BETWEEN.has(header.id) && announcedEnd <= source.size) {
      position = announcedEnd;
    } else {
      anomalies.push(
        segments.length === 0
          ? { code: 'damaged', site: 'ebml', offset: position, detail: 'there is no Segment behind the EBML header' }
          : { code: 'trailing_data', site: 'ebml', offset: position, detail: 'bytes follow the end of the Segment' },
      );
      break;
    }
  }
  return { head, segments, anomalies };
};

/** What may stand between Segments: the header of a further document, and padding. */
const BETWEEN: ReadonlySet<number> = new Set([EBML_ID.ebml, EBML_ID.void, EBML_ID.crc32]);

/** What ends an element of unknown size: any that stands as high as its parent or higher (RFC 8794 §6.2). */
const ENDS_SEGMENT: ReadonlySet<number> = new Set([EBML_ID.ebml, EBML_ID.segment]);
const ENDS_CLUSTER: ReadonlySet<number> = new Set([
  ...ENDS_SEGMENT,
  ...[EBML_ID.seekHead, EBML_ID.info, EBML_ID.tracks, EBML_ID.cluster, EBML_ID.cues, EBML_ID.attachments, EBML_ID.chapters, EBML_ID.tags],
]);

type SegmentHeader = Pick<EbmlSegment, 'start' | 'dataStart' | 'sizeWidth' | 'sizeBytes'>;

const readSegment = async (
  source: ByteSource,
  window: HeaderWindow,
  header: SegmentHeader,
  onCluster: (cluster: EbmlElement) => void,
): Promise<{ readonly segment: EbmlSegment; readonly problems: readonly Anomaly[] }> => {
  const { dataStart, sizeBytes } = header;
  const announcedEnd = sizeBytes === undefined ? undefined : dataStart + sizeBytes;
  const limit = Math.min(announcedEnd ?? source.size, source.size);
  const isCut = announcedEnd !== undefined && announcedEnd > source.size;
  const elements: EbmlElement[] = [];
  const problems: Anomaly[] = [];
  let firstCluster: EbmlElement | undefined;
  let position = dataStart;
  let isCutInCluster = isCut;
  const report = (code: Anomaly['code'], detail: string): void => {
    problems.push({ code, site: 'ebml/Segment', offset: position, detail });
  };
  while (position < limit) {
    const found = elements.length < MAXIMUM_CHILDREN ? await orLimit(window.headerAt(position)) : 'limit';
    if (found === 'limit') {
      report('limit', TOO_MANY);
      isCutInCluster = false;
      break;
    }
    if (found === undefined || (announcedEnd === undefined && ENDS_SEGMENT.has(found.id))) {
      if (found === undefined && announcedEnd !== undefined) {
        isCutInCluster = false;
        report(isCut && limit - position < 12 ? 'truncated' : 'damaged', 'no element stands here');
      }
      break;
    }
    const isCluster = found.id === EBML_ID.cluster;
    const inside = position + found.headerBytes;
    let end = inside + (found.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (found.sizeBytes === undefined && isCluster) {
      const ended = await orLimit(endOfCluster(window, inside, limit));
      if (ended === 'limit') {
        report('limit', TOO_MANY);
        isCutInCluster = false;
        firstCluster ??= { id: found.id, start: position, dataStart: inside, end: limit };
        break;
      }
      end = ended;
    }
    const isOver = end > limit;
    const element = { id: found.id, start: position, dataStart: inside, end: Math.min(end, limit) };
    if (isCluster) {
      onCluster(element);
      firstCluster ??= element;
    }
    if (isOver) {
      isCutInCluster = isCluster && limit === source.size;
      report(
        limit === source.size && (isCluster || found.sizeBytes !== undefined) ? 'truncated' : 'damaged',
        found.sizeBytes === undefined && !isCluster ? 'an element other than Segment and Cluster has no size' : 'an element leads beyond the end',
      );
      break;
    }
    if (!isCluster || firstCluster === element) {
      elements.push(element);
    }
    position = end;
  }
  const isCutBehindElement = isCut && problems.length === 0;
  if (isCutBehindElement) {
    report('truncated', `the Segment announces ${sizeBytes} bytes`);
  }
  const isWhole = problems.length === 0;
  return { segment: { ...header, end: isWhole ? position : limit, elements, firstCluster, isWhole, isCutInCluster, isCutBehindElement }, problems };
};

/** Where a Cluster of unknown size ends: before the next element that cannot be its child, or that is none. */
const endOfCluster = async (window: HeaderWindow, start: number, limit: number): Promise<number> => {
  let position = start;
  while (position < limit) {
    const header = await window.headerAt(position);
    const end = position + (header?.headerBytes ?? 0) + (header?.sizeBytes ?? 0);
    if (header === undefined || ENDS_CLUSTER.has(header.id)) {
      return position;
    }
    if (header.sizeBytes === undefined || end > limit) {
      return Number.POSITIVE_INFINITY;
    }
    position = end;
  }
  return position;
};

const TOO_MANY = 'there are too many elements; what follows was not looked at';

/** What a promise gives, or `limit` where the budget is spent. */
const orLimit = async <Value>(promise: Promise<Value>): Promise<Value | 'limit'> => {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof LabelError && error.code === 'LIMIT_EXCEEDED') {
      return 'limit';
    }
    throw error;
  }
};
