// TC260-PG-20257A: FLV carries the label in the script tag onMetaData, property AIGC, a string of AMF 0.
import {
  AMF0,
  type AmfValue,
  type AmfWalk,
  amfNumber,
  amfProperty,
  amfText,
  FLV_PLANNING_TAGS,
  FLV_READING_TAGS,
  type Flv,
  type FlvScript,
  flvScriptTag,
  isFlv,
  newFlvMetadata,
  readFlv,
  walkAmf0,
} from '@aigc-label/containers';
import {
  type Anomaly,
  applySplices,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  type Slots,
  type SlotText,
  type Splice,
  u32At,
  u32be,
  utf8,
  viewOf,
} from '@aigc-label/core';

import { flvContent } from '../content/flv-content.ts';

const KEY = 'AIGC';

/** Labels of one file that are read; an honest one has one. */
const MAXIMUM_LABELS = 32;

/** Values in all metadata of a file: an index of twelve hours, a key frame every two seconds, has 45,000. */
const MAXIMUM_VALUES = 60_000;

/** FLV (Adobe Flash Video File Format Specification 10.1, annex E). */
export const flv: Format = {
  id: 'flv',
  modality: 'video',
  mediaTypes: ['video/x-flv', 'video/flv'],
  extensions: ['.flv'],
  place: { description: 'script tag onMetaData: property AIGC, a string of AMF 0', source: 'TC260-PG-20257A', certainty: 'guide' },
  matches: isFlv,
  read: async (source) => slotsOf(await readMetadata(source, FLV_READING_TAGS)),
  plan: async (source, slot) => planFlv(source, await readMetadata(source, FLV_PLANNING_TAGS), slot),
  content: flvContent,
};

interface Label {
  readonly value: AmfValue;
  readonly site: string;
  readonly isGuidePlace: boolean;
  readonly text: string | undefined;
}

/** One tag of metadata with what stands in it. */
interface Metadata {
  readonly script: FlvScript;
  readonly walk: AmfWalk;
  readonly labels: readonly Label[];
}

interface Survey {
  readonly file: Flv;
  readonly metadata: readonly Metadata[];
  readonly anomalies: readonly Anomaly[];
}

const readMetadata = async (source: ByteSource, maximumTags: number): Promise<Survey> => {
  const file = await readFlv(source, maximumTags);
  const anomalies: Anomaly[] = [];
  let left = MAXIMUM_LABELS;
  let valuesLeft = MAXIMUM_VALUES;
  const metadata = file.scripts.map((script, index): Metadata => {
    const { data, valueAt, start } = script;
    const walk = walkAmf0(data, valueAt, valuesLeft);
    valuesLeft -= walk.values.length;
    const site = `flv/onMetaData${index === 0 ? '' : `[${index}]`}`;
    const report = (code: Anomaly['code'], at: number, detail: string): void => {
      anomalies.push({ code, site, offset: start + 11 + at, detail });
    };
    if (walk.problem !== undefined) {
      report(walk.problem.code, walk.problem.at, walk.problem.what);
    }
    const found = walk.values.filter(({ path, start, at }) => start < at && path.at(-1)?.toUpperCase() === KEY);
    if (found.length > left) {
      report('limit', 0, `there are more than ${MAXIMUM_LABELS} labels`);
    }
    const labels = found.slice(0, left).map((value): Label => {
      const { path, marker } = value;
      const text = amfText(data, value);
      if (text === undefined) {
        report('undecodable', value.at, `the property ${path.join('.')} is no text`);
      }
      const isGuidePlace = index === 0 && path.length === 1 && path[0] === KEY && marker === AMF0.string;
      return { value, site: `${site}/${path.join('/')}`, isGuidePlace, text };
    });
    left -= labels.length;
    return { script, walk, labels };
  });
  return { file, metadata, anomalies: [...file.anomalies, ...anomalies] };
};

const slotsOf = ({ metadata, anomalies }: Survey): Slots => {
  const found = metadata
    .flatMap(({ labels }) => labels)
    .flatMap(({ site, isGuidePlace, text }) => (text === undefined ? [] : [{ key: KEY, site, isGuidePlace, value: text }]));
  // A film has more tags than are worth a look; where the label stands in front, none is missed.
  return { found, anomalies: found.length > 0 ? anomalies.filter(({ code, site }) => code !== 'limit' || site !== 'flv') : anomalies };
};

const planFlv = (source: ByteSource, survey: Survey, slot: SlotText): readonly Splice[] => {
  if (slot.key !== KEY) {
    throw new TypeError(`an FLV carries ${KEY}, not ${slot.key}`);
  }
  const { file, metadata } = survey;
  refuseWhatIsUnknown(survey);
  const property = amfProperty(KEY, utf8(slot.value));
  const labels = metadata.flatMap((one) => one.labels);
  const [first] = metadata;
  if (labels.length === 1 && labels[0]?.isGuidePlace === true && labels[0].text === slot.value) {
    return [];
  }
  if (first === undefined) {
    return [{ at: file.start, remove: 0, insert: flvScriptTag(newFlvMetadata(property)) }];
  }
  const changes = metadata.map((one) => ({ ...one, edits: propertyEdits(one, one === first ? property : undefined) }));
  const growths = changes.map(({ script, edits }) => ({
    at: script.end,
    bytes: edits.reduce((sum, { insert, remove }) => sum + insert.length - remove, 0),
  }));
  const total = growths.reduce((sum, { bytes }) => sum + bytes, 0);
  const map = (position: number): number => growths.reduce((sum, { at, bytes }) => (at <= position ? sum + bytes : sum), position);
  return changes.flatMap(({ script, walk, edits }): readonly Splice[] => {
    const { data, start, end } = script;
    const moved = positionEdits(data, walk, (position, isFileSize) =>
      isFileSize ? (position === source.size ? position + total : position) : map(position),
    );
    if (edits.length + moved.length === 0) {
      return [];
    }
    return [{ at: start, remove: end - start, insert: flvScriptTag(applySplices(data, [...edits, ...moved]), script.header) }];
  });
};

const refuseWhatIsUnknown = ({ metadata, anomalies }: Survey): void => {
  for (const { code, site, offset = 0, detail } of anomalies) {
    if (code === 'limit') {
      throw new LabelError('LIMIT_EXCEEDED', `Not all of the file can be looked at (${detail}, byte ${offset}); remux it.`, {
        data: { site, offset },
      });
    }
    if (code === 'damaged') {
      throw damaged(site, offset, detail);
    }
  }
  const foreign = metadata.find(({ script }) => ![AMF0.object, AMF0.ecmaArray].includes(script.data[script.valueAt] ?? -1));
  if (foreign !== undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The metadata at byte ${foreign.script.start} is no object of AMF 0; remux the file.`, {
      data: { site: 'flv/onMetaData', offset: foreign.script.start },
    });
  }
};

/** The edits that leave exactly this property at the top, or none. Another value comes where the only right one stood, else the property is the last. */
const propertyEdits = (
  { script: { data, valueAt }, walk: { values, endAt }, labels }: Metadata,
  property: Uint8Array | undefined,
): readonly Splice[] => {
  const [only] = labels;
  if (property !== undefined && labels.length === 1 && only?.isGuidePlace === true) {
    const { start, end } = only.value;
    return [{ at: start, remove: end - start, insert: property }];
  }
  const outermost = labels.filter(
    ({ value }) => !labels.some((other) => other.value !== value && other.value.start < value.start && value.end <= other.value.end),
  );
  const atTop = values.filter(({ path }) => path.length === 1).length;
  const gone = outermost.filter(({ value }) => value.path.length === 1).length;
  const growth = (property === undefined ? 0 : 1) - gone;
  // The count of an ECMA array is a hint (AMF 0 §2.10); one that was right stays right.
  const counts = data[valueAt] === AMF0.ecmaArray && u32At(data, valueAt + 1) === atTop && growth !== 0;
  return [
    ...(counts ? [{ at: valueAt + 1, remove: 4, insert: u32be(atTop + growth) }] : []),
    ...outermost.map(({ value: { start, end } }) => ({ at: start, remove: end - start, insert: new Uint8Array(0) })),
    ...(property === undefined ? [] : [{ at: endAt, remove: 0, insert: property }]),
  ];
};

/** Numbers of the metadata that are bytes of the file: where key frames begin, the last of them, and its size. */
const positionEdits = (data: Uint8Array, { values }: AmfWalk, map: (position: number, isFileSize: boolean) => number): readonly Splice[] =>
  values.flatMap((value): readonly Splice[] => {
    const name = value.path.join('/');
    const isPosition = name === 'lastkeyframelocation' || (value.path.length === 3 && name.startsWith('keyframes/filepositions/'));
    if (value.marker !== AMF0.number || !(isPosition || name === 'filesize')) {
      return [];
    }
    const before = amfNumber(data, value);
    const after = Number.isSafeInteger(before) ? map(before, !isPosition) : before;
    const insert = new Uint8Array(8);
    viewOf(insert).setFloat64(0, after);
    return after === before ? [] : [{ at: value.at + 1, remove: 8, insert }];
  });
