import { aviParts, listChildren, listType, type Riff, type RiffChunk, readRiff, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { type Anomaly, type ByteSource, fromUtf8, type Slot, TC260_XMP } from '@aigc-label/core';

/** The key, and the id of the chunk that holds it. */
export const KEY = 'AIGC';

/** The longest text that is read from a chunk, in bytes: a label has 0.5 KiB, a signed one 4 KiB. */
const MAXIMUM_TEXT_BYTES = 64 << 10;

/** No more texts than this are read from one file; an honest one has one. */
const MAXIMUM_TEXTS = 3;

/** XMP part 3, §2.2.2 (AVI): the chunk that holds a packet. */
const XMP = '_PMX';

/** A LIST of type INFO on the first level. */
export interface InfoList {
  readonly chunk: RiffChunk;
  readonly labels: readonly RiffChunk[];
  /** Whether its children fill it, so that another one may follow them. */
  readonly isWhole: boolean;
  /** Whether it holds nothing but labels, so that it may go with them. */
  readonly isOurs: boolean;
}

/** What was seen of an AVI: everything that reading and planning need. */
export interface Avi {
  readonly riff: Riff;
  readonly infos: readonly InfoList[];
  /** Chunks of the first level under our key, as WAV has them. */
  readonly strays: readonly RiffChunk[];
  /** Chunks of XMP; `bytes` where they are read, `hasLabel` where our property stands there. */
  readonly packets: readonly { readonly chunk: RiffChunk; readonly bytes: Uint8Array | undefined; readonly hasLabel: boolean }[];
  /** Index of the first and last LIST of type movi on the first level; -1 where there is none. */
  readonly firstMovie: number;
  readonly lastMovie: number;
  /** Whether bytes may come and go behind the last LIST of type movi: the RIFF is whole or was cut off behind a chunk, and no other one follows. */
  readonly hasMovableEnd: boolean;
  /** Whether further RIFFs follow (OpenDML). */
  readonly hasParts: boolean;
  /** Labels, readable or not. */
  readonly labelCount: number;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

/** Reads the first level of the first RIFF, where labels and all the structure around them stand. Throws `LabelError` `FILE_DAMAGED` without a header. */
export const surveyAvi = async (source: ByteSource): Promise<Avi> => {
  const riff = await readRiff(source);
  const parts = await aviParts(source, riff);
  const anomalies: Anomaly[] = riff.anomalies.filter(({ code }) => code !== 'trailing_data');
  if (parts.isCut) {
    anomalies.push({ code: 'truncated', site: 'riff[AVIX]', offset: source.size, detail: 'the last part announces more bytes than the file has' });
  } else if (parts.end < source.size && riff.announcedEnd !== undefined) {
    anomalies.push({ code: 'trailing_data', site: 'riff', offset: parts.end, detail: 'bytes follow the end of the RIFF' });
  }
  const slots: Slot[] = [];
  let texts = 0;
  let brokenLists = 0;
  const readText = async (chunk: RiffChunk, site: string, isGuidePlace: boolean): Promise<void> => {
    const isRead = chunk.sizeBytes <= MAXIMUM_TEXT_BYTES && texts < MAXIMUM_TEXTS;
    texts += 1;
    const value = isRead ? fromUtf8(await source.read(chunk.dataStart, chunk.sizeBytes)) : undefined;
    if (value === undefined && texts <= MAXIMUM_TEXTS + 1) {
      anomalies.push({ code: isRead ? 'undecodable' : 'limit', site, offset: chunk.start, detail: `${site} holds ${chunk.sizeBytes} bytes` });
    } else if (value !== undefined) {
      slots.push({ key: KEY, site, isGuidePlace, value: withoutTrailingNulls(value) });
    }
  };
  const infos: InfoList[] = [];
  const strays: RiffChunk[] = [];
  const packets: Avi['packets'][number][] = [];
  const movies: number[] = [];
  let xmpBytesLeft = XMP_LIMIT_BYTES;
  for (const [index, chunk] of riff.chunks.entries()) {
    if (chunk.id === 'LIST') {
      // A list of frames that was cut off is one all the same: what stands before it stands in the head.
      const type = chunk.isOpen && chunk.sizeBytes >= 4 ? await listType(source, { ...chunk, isOpen: false }) : await listType(source, chunk);
      if (type === 'movi') {
        movies.push(index);
      } else if (type === 'INFO' && !chunk.isOpen) {
        const { chunks: children, end, problem } = await listChildren(source, riff, chunk);
        const labels = children.filter(({ id, isOpen }) => id === KEY && !isOpen);
        const isWhole = problem === undefined;
        if (!isWhole && brokenLists === 0) {
          anomalies.push({ code: problem.code, site: 'avi/LIST[INFO]', offset: end, detail: problem.what });
        }
        brokenLists += isWhole ? 0 : 1;
        infos.push({ chunk, labels, isWhole, isOurs: isWhole && labels.length > 0 && labels.length === children.length });
        for (const label of labels) {
          await readText(label, 'avi/LIST[INFO]/AIGC', true);
        }
      }
    } else if (chunk.id === KEY && !chunk.isOpen) {
      strays.push(chunk);
      await readText(chunk, 'avi/AIGC', false);
    } else if (chunk.id === XMP && !chunk.isOpen) {
      if (chunk.sizeBytes > xmpBytesLeft) {
        anomalies.push({ code: 'limit', site: 'avi/_PMX', offset: chunk.start, detail: `the chunk holds ${chunk.sizeBytes} bytes` });
        packets.push({ chunk, bytes: undefined, hasLabel: false });
        continue;
      }
      xmpBytesLeft -= chunk.sizeBytes;
      const bytes = await source.read(chunk.dataStart, chunk.sizeBytes);
      const found = xmpSlots(bytes, TC260_XMP, { site: 'avi/_PMX', isPlace: false, offset: chunk.start });
      slots.push(...found.slots);
      anomalies.push(...found.anomalies);
      packets.push({ chunk, bytes, hasLabel: found.slots.length > 0 });
    }
  }
  return {
    riff,
    infos,
    strays,
    packets,
    firstMovie: movies[0] ?? -1,
    lastMovie: movies.at(-1) ?? -1,
    hasMovableEnd: (riff.isComplete || riff.isCutBetweenChunks) && parts.count === 0,
    hasParts: parts.count > 0,
    labelCount: texts + packets.filter(({ hasLabel }) => hasLabel).length,
    slots,
    anomalies,
  };
};

const withoutTrailingNulls = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) {
    end -= 1;
  }
  return text.slice(0, end);
};
