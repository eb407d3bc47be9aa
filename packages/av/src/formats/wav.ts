// TC260-PG-202510A: WAV carries the label in a chunk AIGC of the first level of the RIFF.
import { editRiff, isRiff, listChildren, listType, type Riff, type RiffChunk, readRiff, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import {
  type Anomaly,
  type ByteSource,
  type Format,
  fromUtf8,
  isLooseLabel,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
  utf8,
} from '@aigc-label/core';
import { type ChunkLabels, readId3Chunk, readXmpChunk } from '../chunk-labels.ts';
import { wavContent } from '../content/wav-content.ts';

const KEY = 'AIGC';

/** The longest text that is read from a chunk, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;

/** No more texts than this are read from one file; an honest one has one. */
const MAXIMUM_TEXTS = 3;

/** Comments of LIST/INFO that are looked at, in all lists. */
const MAXIMUM_COMMENTS = 8;

/** ID3 and XMP chunks that are looked into; an honest file has one of each. */
const MAXIMUM_NESTED = 16;

/** RIFF WAVE, big endian (RIFX) and 64-bit (RF64, BW64) too. */
export const wav: Format = {
  id: 'wav',
  modality: 'audio',
  mediaTypes: ['audio/wav', 'audio/x-wav', 'audio/vnd.wave', 'audio/wave'],
  extensions: ['.wav', '.wave', '.bwf', '.rf64'],
  place: { description: 'RIFF chunk AIGC', source: 'TC260-PG-202510A, WAV', certainty: 'guide' },
  matches: (head) => isRiff(head, 'WAVE'),
  read: async (source) => {
    const { carriers, nested, anomalies } = await readWave(source);
    return { found: [...carriers.flatMap(slotOf), ...nested.flatMap(({ found }) => found)], anomalies };
  },
  plan: async (source, slot) => planWave(await readWave(source), slot),
  content: wavContent,
};

/** A text that is a label and nothing else, with what it takes to remove it. */
type Carrier = { readonly text: string | undefined } & (
  | { readonly kind: 'chunk'; readonly chunk: RiffChunk }
  | { readonly kind: 'info'; readonly list: RiffChunk; readonly chunk: RiffChunk }
);

interface Wave {
  readonly riff: Riff;
  readonly carriers: readonly Carrier[];
  /** ID3 tags and XMP. */
  readonly nested: readonly ChunkLabels[];
  /** Set where more chunks than are looked into may hold labels. */
  readonly isCapped: boolean;
  readonly anomalies: readonly Anomaly[];
}

const readWave = async (source: ByteSource): Promise<Wave> => {
  const riff = await readRiff(source);
  const anomalies: Anomaly[] = [...riff.anomalies];
  const carriers: Carrier[] = [];
  const nested: ChunkLabels[] = [];
  const left = { comments: MAXIMUM_COMMENTS, nested: MAXIMUM_NESTED };
  const budget = { left: XMP_LIMIT_BYTES };
  const text = async (chunk: RiffChunk, site: string): Promise<string | undefined> => {
    const isRead = chunk.sizeBytes <= MAXIMUM_TEXT_BYTES && carriers.length < MAXIMUM_TEXTS;
    const decoded = isRead ? fromUtf8(await source.read(chunk.dataStart, chunk.sizeBytes)) : undefined;
    if (decoded === undefined) {
      anomalies.push({ code: isRead ? 'undecodable' : 'limit', site, offset: chunk.start, detail: `${site} holds ${chunk.sizeBytes} bytes` });
    }
    return decoded === undefined ? undefined : withoutTrailingNulls(decoded);
  };
  const isLoose = async (chunk: RiffChunk): Promise<boolean> => {
    left.comments -= 1;
    const isRead = left.comments >= 0 && chunk.sizeBytes <= MAXIMUM_TEXT_BYTES;
    const comment = isRead ? fromUtf8(await source.read(chunk.dataStart, chunk.sizeBytes)) : undefined;
    return comment !== undefined && isLooseLabel(comment, KEY);
  };
  for (const chunk of riff.chunks.filter(({ isOpen }) => !isOpen)) {
    if (chunk.id === KEY) {
      carriers.push({ kind: 'chunk', chunk, text: await text(chunk, SITES.chunk) });
    } else if ((await listType(source, chunk)) === 'INFO') {
      const { chunks, end, problem } = await listChildren(source, riff, chunk);
      if (problem !== undefined) {
        anomalies.push({ code: problem.code, site: 'wav/LIST/INFO', offset: end, detail: problem.what });
      }
      for (const child of chunks.filter(({ id, isOpen }) => INFO.includes(id) && !isOpen)) {
        if (child.id === KEY || (await isLoose(child))) {
          carriers.push({ kind: 'info', list: chunk, chunk: child, text: await text(child, infoSite(child)) });
        }
      }
    } else if (NESTED.includes(chunk.id)) {
      left.nested -= 1;
      if (left.nested < 0) {
        anomalies.push({ code: 'limit', site: `wav/${chunk.id.trim()}`, offset: chunk.start, detail: `more than ${MAXIMUM_NESTED} tags or packets` });
        break;
      }
      const place = { site: 'wav/_PMX', prefixBytes: 0, isPlace: false, budget };
      nested.push(chunk.id === XMP ? await readXmpChunk(source, chunk, place) : await readId3Chunk(source, chunk, 'wav/id3'));
    }
  }
  anomalies.push(...nested.flatMap((one) => one.anomalies));
  return { riff, carriers, nested, isCapped: left.nested < 0, anomalies };
};

/** XMP part 3, WAV. */
const XMP = '_PMX';
const NESTED: readonly string[] = ['id3 ', 'ID3 ', XMP];
/** Ours, and the comment, in which people put a label as a free text (spec/labels.md §5.1, rows 8 and 13). */
const INFO: readonly string[] = [KEY, 'ICMT'];

const SITES = { chunk: 'wav/AIGC' } as const;
const infoSite = ({ id }: RiffChunk): string => `wav/LIST[INFO]/${id}`;

const slotOf = ({ kind, chunk, text }: Carrier): readonly Slot[] =>
  text === undefined ? [] : [{ key: KEY, site: kind === 'chunk' ? SITES.chunk : infoSite(chunk), isGuidePlace: kind === 'chunk', value: text }];

const planWave = ({ riff, carriers, nested, isCapped }: Wave, slot: SlotText): readonly Splice[] => {
  if (slot.key !== KEY) {
    throw new TypeError(`a WAV carries ${KEY}, not ${slot.key}`);
  }
  if (isCapped) {
    throw new LabelError('LIMIT_EXCEEDED', `The WAV has more than ${MAXIMUM_NESTED} chunks of tags or XMP; export it again.`, {
      data: { site: 'wav' },
    });
  }
  const [only] = carriers;
  if (carriers.length === 1 && only?.kind === 'chunk' && only.text === slot.value && nested.every(({ count }) => count === 0)) {
    return [];
  }
  const before = followerOf(riff);
  return editRiff(riff, {
    remove: carriers.flatMap((carrier) => (carrier.kind === 'chunk' ? [carrier.chunk] : [])),
    inside: [
      ...insideEdits(carriers),
      ...nested.filter(({ count }) => count > 0).map((one) => ({ chunk: one.chunk, splices: one.edits(undefined) })),
    ],
    insert: [{ ...(before === undefined ? {} : { before }), id: KEY, data: utf8(slot.value) }],
  });
};

/**
 * The chunk before which ours goes, or `undefined` for the end of the RIFF.
 *
 * The end is the rule: samples stay where naive readers look for them (byte 44) and where sector-aligned ones put them. Where the end is not certain
 * (sizes never filled in, a recording that was cut off, chunks that contradict the size of the whole) ours goes before the samples, whose end is then
 * nobody's business: a reader that plays `data` to the end of the file must not play a label. A size of the whole that is too small may end before them: ours
 * goes before the chunk in which it ends.
 */
const followerOf = (riff: Riff): RiffChunk | undefined => {
  const data = riff.chunks.find(({ id }) => id === 'data');
  if (riff.chunks.some(({ id, isOpen }) => id === KEY && isOpen)) {
    throw new LabelError('FILE_DAMAGED', 'The file ends inside the label that it holds; label it again from its source.', {
      data: { site: SITES.chunk },
    });
  }
  if (riff.isComplete && data?.sizeBytes !== 0) {
    return undefined;
  }
  const follower = riff.crossing !== undefined && riff.crossing.start < (data?.start ?? riff.end) ? riff.crossing : data;
  if (follower === undefined) {
    throw new LabelError('FILE_DAMAGED', `The chunks of the WAV contradict its size at byte ${riff.end}, before its samples; export it again.`, {
      data: { site: 'riff', offset: riff.end },
    });
  }
  return follower;
};

const insideEdits = (carriers: readonly Carrier[]): readonly { readonly chunk: RiffChunk; readonly splices: readonly Splice[] }[] => {
  const edits = new Map<RiffChunk, Splice[]>();
  for (const carrier of carriers) {
    if (carrier.kind === 'info') {
      const { start, end } = carrier.chunk;
      edits.set(carrier.list, [...(edits.get(carrier.list) ?? []), { at: start, remove: end - start, insert: new Uint8Array() }]);
    }
  }
  return [...edits].map(([chunk, splices]) => ({ chunk, splices }));
};

const withoutTrailingNulls = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return text.slice(0, end);
};
