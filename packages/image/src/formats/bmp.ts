// [MS-WMF] 2.2.2.9, Windows bitmap: a file header, a DIB header, colours, pixels. It has no metadata; where the label stands all the same: docs/decisions/0020.
import { spliceXmp, xmpSlots } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
  splicedSource,
  TC260_XMP,
  u32le,
  viewOf,
} from '@aigc-label/core';
import { bmpContent } from '../content/bmp-content.ts';
import { LABEL_KEY } from '../place.ts';
import { markerText, readTail, type Tail } from '../tail-labels.ts';

const SITE = 'bmp/tail';
const FILE_HEADER_BYTES = 14;
/** OS/2 1 and 2, Windows 3, with masks, version 4 and version 5. */
const DIB_HEADER_BYTES: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124];
const MAXIMUM_FILE_BYTES = 0xffff_ffff;

/** Windows bitmaps. */
export const bmp: Format = {
  id: 'bmp',
  modality: 'image',
  mediaTypes: ['image/bmp', 'image/x-ms-bmp'],
  extensions: ['.bmp', '.dib'],
  place: { description: 'XMP packet behind the pixels, TC260:AIGC', source: 'docs/decisions/0020', certainty: 'decision' },
  matches: (head) => headerOf(head) !== undefined,
  read: async (source) => {
    const { slots, anomalies } = await survey(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => proven(source, planBmp(source, await survey(source), slot), slot),
  content: async (source) => bmpContent(source, headerOf(await headOf(source))?.end),
};

const headOf = (source: ByteSource): Promise<Uint8Array> | Uint8Array => source.read(0, Math.min(source.size, FILE_HEADER_BYTES + 124));

interface Header {
  readonly sizeBytes: number;
  /** Behind the last byte of the pixels and of a colour profile; `undefined` where the header does not say. */
  readonly end: number | undefined;
}

const headerOf = (head: Uint8Array): Header | undefined => {
  if (head.length < FILE_HEADER_BYTES + 12 || head[0] !== 0x42 || head[1] !== 0x4d) {
    return undefined;
  }
  const view = viewOf(head);
  const [pixelsAt, dibBytes] = [view.getUint32(10, true), view.getUint32(14, true)];
  if (!DIB_HEADER_BYTES.includes(dibBytes) || pixelsAt < FILE_HEADER_BYTES + dibBytes) {
    return undefined;
  }
  const isCore = dibBytes === 12;
  if (!isCore && head.length < FILE_HEADER_BYTES + Math.min(dibBytes, 40)) {
    return undefined;
  }
  const planes = view.getUint16(isCore ? 22 : 26, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  if (planes !== 1 || bits > 64) {
    return undefined;
  }
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const height = isCore ? view.getUint16(20, true) : Math.abs(view.getInt32(22, true));
  const compression = dibBytes >= 40 ? view.getUint32(30, true) : 0;
  const stated = dibBytes >= 40 ? view.getUint32(34, true) : 0;
  // Rows are padded to 4 bytes. Only uncompressed pixels (BI_RGB, BI_BITFIELDS, BI_ALPHABITFIELDS) have a size that can be computed.
  const isComputed = compression === 0 || compression === 3 || compression === 6;
  const pixelBytes = isComputed ? Math.floor((width * bits + 31) / 32) * 4 * height : stated;
  const profileEnd =
    dibBytes === 124 && head.length >= 138 && view.getUint32(130, true) > 0
      ? FILE_HEADER_BYTES + view.getUint32(126, true) + view.getUint32(130, true)
      : 0;
  const isKnown = width >= 0 && pixelBytes > 0;
  return { sizeBytes: view.getUint32(2, true), end: isKnown ? Math.max(pixelsAt + pixelBytes, profileEnd) : undefined };
};

interface Survey {
  readonly header: Header | undefined;
  readonly tail: Tail;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const header = headerOf(await headOf(source));
  const none: Tail = { pieces: [], isWhole: false, anomalies: [] };
  if (header?.end === undefined) {
    const anomaly: Anomaly = { code: 'damaged', site: 'bmp', offset: 0, detail: 'the header does not say how large the pixels are' };
    return { header, tail: none, slots: [], anomalies: [anomaly] };
  }
  if (header.end > source.size) {
    const anomaly: Anomaly = { code: 'truncated', site: 'bmp', offset: source.size, detail: 'the pixels reach beyond the end of the file' };
    return { header, tail: none, slots: [], anomalies: [anomaly] };
  }
  const tail = await readTail(source, header.end, SITE);
  const slots: Slot[] = [];
  const anomalies: Anomaly[] = [...tail.anomalies];
  for (const [index, piece] of tail.pieces.entries()) {
    if (piece.kind === 'marker') {
      slots.push({ key: LABEL_KEY, site: `${SITE}/marker`, isGuidePlace: false, value: markerText(piece) });
    } else {
      const isPlace = isFirstPacket(tail, index);
      const labels = xmpSlots(piece.bytes, TC260_XMP, { site: `${SITE}/XMP`, isPlace, offset: piece.start });
      slots.push(...labels.slots);
      anomalies.push(...labels.anomalies);
    }
  }
  return { header, tail, slots, anomalies };
};

const isFirstPacket = ({ pieces }: Tail, index: number): boolean => pieces.findIndex(({ kind }) => kind === 'packet') === index;

const planBmp = (source: ByteSource, { header, tail, anomalies }: Survey, slot: SlotText): readonly Splice[] => {
  const [why] = anomalies;
  if (header?.end === undefined || header.end > source.size) {
    throw damaged('bmp', why?.offset ?? 0, why?.detail ?? 'it has no header');
  }
  if (!tail.isWhole) {
    throw new LabelError('LIMIT_EXCEEDED', 'Too much stands behind the pixels of this bitmap; save it again from an editor.', {
      data: { site: SITE, offset: header.end },
    });
  }
  const splices: Splice[] = [];
  for (const [index, { kind, start, end, bytes }] of tail.pieces.entries()) {
    const edited =
      kind === 'marker'
        ? new Uint8Array()
        : isFirstPacket(tail, index)
          ? spliceXmp(bytes, TC260_XMP, slot, { site: SITE })
          : withoutXmpProperty(bytes, TC260_XMP, SITE);
    if (edited !== bytes) {
      splices.push({ at: start, remove: end - start, insert: edited });
    }
  }
  if (!tail.pieces.some(({ kind }) => kind === 'packet')) {
    splices.push({ at: source.size, remove: 0, insert: spliceXmp(undefined, TC260_XMP, slot) });
  }
  const size = splices.reduce((total, { remove, insert }) => total + insert.length - remove, source.size);
  if (size > MAXIMUM_FILE_BYTES) {
    throw new LabelError('CARRIER_FULL', 'This bitmap is as large as a bitmap can be; save it as PNG.', { data: { site: SITE } });
  }
  // A size that was wrong before is somebody's own; nobody has relied on it.
  return size !== source.size && header.sizeBytes === source.size ? [{ at: 2, remove: 4, insert: u32le(size) }, ...splices] : splices;
};

/** The edits, once the reader has seen exactly one label behind them: a tail may hold half a packet, which would swallow the one that follows. */
const proven = async (source: ByteSource, splices: readonly Splice[], slot: SlotText): Promise<readonly Splice[]> => {
  const { slots } = await survey(splicedSource(source, splices));
  const [only] = slots;
  if (slots.length !== 1 || only?.isGuidePlace !== true || only.value !== slot.value) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'What stands behind the pixels of this bitmap cannot be edited safely; save it again from an editor.',
      {
        data: { site: SITE },
      },
    );
  }
  return splices;
};
