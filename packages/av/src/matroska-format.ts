import {
  EBML_ID,
  type EbmlDocument,
  type EbmlIndex,
  type EbmlSegment,
  type HeaderBudget,
  parseEbmlHead,
  planningBudget,
  readEbmlDocument,
  readEbmlIndex,
  readingBudget,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, damaged, type Format, LabelError, type Slots, type SlotText, type Splice, utf8 } from '@aigc-label/core';
import { matroskaContent } from './content/matroska-content.ts';
import { isOurs, MAXIMUM_TEXT_BYTES, type MatroskaSurvey, type MatroskaTags, surveyTags, tagsPlaces } from './matroska-labels.ts';
import { planPlace } from './matroska-place.ts';
import { voidedLabels } from './matroska-void.ts';

const KEY = 'AIGC';

/** A SeekHead that is longer is not followed while reading, in bytes; it holds a handful of entries. */
const MAXIMUM_SEEK_HEAD_BYTES = 32 << 10;

/** SeekHeads of one file that are followed; RFC 9559 §5.1.1 allows two. */
const MAXIMUM_SEEK_HEADS = 4;

interface Matroska extends MatroskaSurvey {
  readonly document: EbmlDocument;
  /** Of the first Segment, in order. */
  readonly seekHeads: readonly EbmlIndex[];
}

const readMatroska = async (source: ByteSource, budget: HeaderBudget): Promise<Matroska> => {
  const document = await readEbmlDocument(source, budget);
  const anomalies: Anomaly[] = [...document.anomalies];
  const seekHeads: EbmlIndex[] = [];
  const indexed: { readonly segment: number; readonly at: number }[] = [];
  for (const [segment, { elements, dataStart }] of document.segments.entries()) {
    for (const element of elements.filter(({ id }) => id === EBML_ID.seekHead)) {
      if (seekHeads.length === MAXIMUM_SEEK_HEADS || element.end - element.start > MAXIMUM_SEEK_HEAD_BYTES) {
        anomalies.push({
          code: 'limit',
          site: 'ebml/SeekHead',
          offset: element.start,
          detail: 'a SeekHead is too long, or one too many, to be followed',
        });
        continue;
      }
      const index = await readEbmlIndex(source, element, MAXIMUM_SEEK_HEAD_BYTES);
      seekHeads.push(index);
      if (!index.isSound) {
        anomalies.push({ code: 'damaged', site: 'ebml/SeekHead', offset: element.start, detail: 'what stands in the SeekHead does not fill it' });
      }
      indexed.push(...index.entries.filter(({ id }) => id === EBML_ID.tags).map(({ position }) => ({ segment, at: dataStart + position })));
    }
  }
  const survey = await surveyTags(source, await tagsPlaces(source, document, indexed), KEY);
  const isOfFirst = ({ element }: EbmlIndex): boolean => document.segments[0]?.elements.includes(element) === true;
  return { document, seekHeads: seekHeads.filter(isOfFirst), tags: survey.tags, anomalies: [...anomalies, ...survey.anomalies] };
};

const read = async (source: ByteSource): Promise<Slots> => {
  const { tags, anomalies } = await readMatroska(source, readingBudget());
  return {
    found: tags.flatMap(({ labels, isStray }) =>
      labels.flatMap(({ site, isGuidePlace, text }) =>
        text === undefined ? [] : [{ key: KEY, site, isGuidePlace: isGuidePlace && !isStray, value: text }],
      ),
    ),
    anomalies,
  };
};

const plan = async (source: ByteSource, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`a Matroska file carries ${KEY}, not ${slot.key}`);
  }
  if (utf8(slot.value).length > MAXIMUM_TEXT_BYTES) {
    throw new LabelError('CARRIER_FULL', `A label of more than ${MAXIMUM_TEXT_BYTES} bytes would not be read back; shorten its reserved codes.`, {
      data: { site: 'ebml/Segment/Tags', limitBytes: MAXIMUM_TEXT_BYTES },
    });
  }
  const { document, seekHeads, tags, anomalies } = await readMatroska(source, planningBudget());
  const [segment] = document.segments;
  refuseWhatIsUnknown(document.segments, tags, anomalies);
  if (segment === undefined) {
    throw damaged('ebml', document.head.end, 'there is no Segment, so no player can open it');
  }
  const labels = tags.flatMap((one) => one.labels);
  if (labels.length === 1 && labels[0]?.isGuidePlace === true && labels[0].text === slot.value) {
    return [];
  }
  const owned = tags.filter((one) => one.segment === 0 && one.isOnlyLabels);
  const shared = tags.filter((one) => one.labels.length > 0 && !owned.includes(one));
  return [
    ...(await planPlace(source, { segment, head: document.head, seekHeads, owned, slot })),
    ...shared.flatMap((one) => voidedLabels(one, (node) => isOurs(node, one.labels))),
  ];
};

/** Nothing is moved, and nothing declared to be the only label, in a file that could not be followed to its end; one that was cut inside its media is clear enough. */
const refuseWhatIsUnknown = (segments: readonly EbmlSegment[], tags: readonly MatroskaTags[], anomalies: readonly Anomaly[]): void => {
  for (const { code, site, offset = 0, detail } of anomalies) {
    if (code === 'limit') {
      throw new LabelError('LIMIT_EXCEEDED', `Not all of the file can be looked at (${detail}, byte ${offset}); remux it.`, {
        data: { site, offset },
      });
    }
    if (code === 'damaged' || (code === 'truncated' && segments.at(-1)?.isCutInCluster !== true)) {
      throw damaged(site, offset, detail);
    }
  }
  const stray = tags.find(({ isStray, labels }) => isStray && labels.length > 0);
  if (stray !== undefined) {
    throw damaged('ebml/SeekHead', stray.start, 'it leads to a label inside of something else');
  }
  const [first] = segments[0]?.elements ?? [];
  if (first?.id === EBML_ID.crc32) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'A checksum covers the whole Segment; remux the file without it.', {
      data: { site: 'ebml/Segment/CRC-32', offset: first.start },
    });
  }
};

const docTypeOf = (head: Uint8Array): string | undefined => {
  const parsed = parseEbmlHead(head);
  // RFC 8794 §11.2.5 wants a DocType; before it, a file without one was Matroska.
  return parsed?.docType ?? (parsed !== undefined && parsed.end <= head.length ? 'matroska' : undefined);
};

/** One DocType of the family; they differ in what they are called. */
export const matroskaFormat = (docType: 'matroska' | 'webm', rest: Omit<Format, 'place' | 'matches' | 'read' | 'plan' | 'content'>): Format => ({
  ...rest,
  place: { description: 'Segment.Tags.Tag.SimpleTag, TagName AIGC', source: 'TC260-PG-20257A', certainty: 'guide' },
  matches: (head) => docTypeOf(head) === docType,
  read,
  plan,
  content: matroskaContent,
});
