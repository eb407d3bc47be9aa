// TC260-PG-202510A: WAV carries the label in a chunk AIGC of the first level of the RIFF.
import {
  editId3Tag,
  editRiff,
  type Id3Match,
  type Id3Tag,
  isRiff,
  listChildren,
  listType,
  type Riff,
  type RiffChunk,
  readId3Tag,
  readRiff,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, type Format, fromUtf8, LabelError, type Slot, type SlotText, type Splice, utf8 } from '@aigc-label/core';

const KEY = 'AIGC';

/** The longest text that is read from a chunk, in bytes. */
const MAXIMUM_TEXT_BYTES = 64 << 10;

/** No more texts than this are read from one file; an honest one has one. */
const MAXIMUM_TEXTS = 3;

/** RIFF WAVE, big endian (RIFX) and 64-bit (RF64, BW64) too. */
export const wav: Format = {
  id: 'wav',
  modality: 'audio',
  mediaTypes: ['audio/wav', 'audio/x-wav', 'audio/vnd.wave', 'audio/wave'],
  extensions: ['.wav', '.wave', '.bwf', '.rf64'],
  place: { description: 'RIFF chunk AIGC', source: 'TC260-PG-202510A, WAV', certainty: 'guide' },
  matches: (head) => isRiff(head, 'WAVE'),
  read: async (source) => {
    const { carriers, anomalies } = await readWave(source);
    return { found: carriers.flatMap(slotOf), anomalies };
  },
  plan: async (source, slot) => planWave(await readWave(source), slot),
};

/** Something under our key, with what it takes to remove it. */
type Carrier = { readonly text: string | undefined } & (
  | { readonly kind: 'chunk'; readonly chunk: RiffChunk }
  | { readonly kind: 'info'; readonly list: RiffChunk; readonly chunk: RiffChunk }
  | { readonly kind: 'id3'; readonly chunk: RiffChunk; readonly tag: Id3Tag; readonly match: Id3Match }
);

interface Wave {
  readonly riff: Riff;
  readonly carriers: readonly Carrier[];
  readonly anomalies: readonly Anomaly[];
}

const readWave = async (source: ByteSource): Promise<Wave> => {
  const riff = await readRiff(source);
  const anomalies: Anomaly[] = [...riff.anomalies];
  const carriers: Carrier[] = [];
  const text = async (chunk: RiffChunk, site: string): Promise<string | undefined> => {
    const isRead = chunk.sizeBytes <= MAXIMUM_TEXT_BYTES && carriers.length < MAXIMUM_TEXTS;
    const decoded = isRead ? fromUtf8(await source.read(chunk.dataStart, chunk.sizeBytes)) : undefined;
    if (decoded === undefined) {
      anomalies.push({ code: isRead ? 'undecodable' : 'limit', site, offset: chunk.start, detail: `${site} holds ${chunk.sizeBytes} bytes` });
    }
    return decoded === undefined ? undefined : withoutTrailingNulls(decoded);
  };
  for (const chunk of riff.chunks) {
    if (chunk.isOpen) {
      continue;
    }
    if (chunk.id === KEY) {
      carriers.push({ kind: 'chunk', chunk, text: await text(chunk, SITES.chunk) });
    } else if ((await listType(source, chunk)) === 'INFO') {
      const { chunks } = await listChildren(source, riff, chunk);
      for (const child of chunks.filter(({ id, isOpen }) => id === KEY && !isOpen)) {
        carriers.push({ kind: 'info', list: chunk, chunk: child, text: await text(child, SITES.info) });
      }
    } else if (chunk.id === 'id3 ' || chunk.id === 'ID3 ') {
      const tag = await readId3Tag(inside(source, chunk), 0, KEY, 'wav/id3');
      anomalies.push(...(tag?.anomalies ?? []).map((anomaly) => ({ ...anomaly, offset: (anomaly.offset ?? 0) + chunk.dataStart })));
      carriers.push(...(tag?.matches ?? []).map((match): Carrier => ({ kind: 'id3', chunk, tag: tag as Id3Tag, match, text: match.text })));
    }
  }
  return { riff, carriers, anomalies };
};

const SITES = { chunk: 'wav/AIGC', info: 'wav/LIST[INFO]/AIGC', id3: 'wav/id3' } as const;

const slotOf = (carrier: Carrier): readonly Slot[] => {
  const { kind, text } = carrier;
  const site = kind === 'id3' ? `${SITES.id3}/${carrier.match.id}[${KEY}]` : SITES[kind];
  return text === undefined ? [] : [{ key: KEY, site, isGuidePlace: kind === 'chunk', value: text }];
};

const planWave = ({ riff, carriers }: Wave, slot: SlotText): readonly Splice[] => {
  if (slot.key !== KEY) {
    throw new TypeError(`a WAV carries ${KEY}, not ${slot.key}`);
  }
  const [only] = carriers;
  if (carriers.length === 1 && only?.kind === 'chunk' && only.text === slot.value) {
    return [];
  }
  const before = followerOf(riff);
  return editRiff(riff, {
    remove: carriers.flatMap((carrier) => (carrier.kind === 'chunk' ? [carrier.chunk] : [])),
    inside: insideEdits(carriers),
    insert: [{ ...(before === undefined ? {} : { before }), id: KEY, data: utf8(slot.value) }],
  });
};

/**
 * The chunk before which ours goes, or `undefined` for the end of the RIFF.
 *
 * The end is the rule: samples stay where naive readers look for them (byte 44) and where sector-aligned ones put them. Where the end is not certain
 * (sizes never filled in, a recording that was cut off, chunks that contradict the size of the whole) ours goes before the samples, whose end is then
 * nobody's business: a reader that plays `data` to the end of the file must not play a label.
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
  if (data === undefined) {
    throw new LabelError('FILE_DAMAGED', `The chunks of the WAV contradict its size at byte ${riff.end}, before its samples; export it again.`, {
      data: { site: 'riff', offset: riff.end },
    });
  }
  return data;
};

const insideEdits = (carriers: readonly Carrier[]): readonly { readonly chunk: RiffChunk; readonly splices: readonly Splice[] }[] => {
  const edits = new Map<RiffChunk, Splice[]>();
  const tags = new Map<RiffChunk, { tag: Id3Tag; matches: Id3Match[] }>();
  for (const carrier of carriers) {
    if (carrier.kind === 'info') {
      const { start, end } = carrier.chunk;
      edits.set(carrier.list, [...(edits.get(carrier.list) ?? []), { at: start, remove: end - start, insert: new Uint8Array() }]);
    } else if (carrier.kind === 'id3') {
      const matches = tags.get(carrier.chunk)?.matches ?? [];
      tags.set(carrier.chunk, { tag: carrier.tag, matches: [...matches, carrier.match] });
    }
  }
  for (const [chunk, { tag, matches }] of tags) {
    const splices = editId3Tag(tag, { remove: matches });
    edits.set(
      chunk,
      splices.map((splice) => ({ ...splice, at: splice.at + chunk.dataStart })),
    );
  }
  return [...edits].map(([chunk, splices]) => ({ chunk, splices }));
};

/** The data of a chunk as a source of its own. */
const inside = (source: ByteSource, chunk: RiffChunk): ByteSource => ({
  size: chunk.sizeBytes,
  read: (offset, length) => source.read(chunk.dataStart + offset, length),
});

const withoutTrailingNulls = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return text.slice(0, end);
};
