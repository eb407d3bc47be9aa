// TC260-PG-20257A annex D: AVI carries the label in RIFF LIST/INFO, child chunk AIGC.
import { editRiff, isRiff, type RiffChunk, type RiffEdit } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import {
  ascii,
  type ByteSource,
  concat,
  damaged,
  type Format,
  LabelError,
  type SlotText,
  type Splice,
  TC260_XMP,
  u32le,
  utf8,
} from '@aigc-label/core';
import { headEdits, infoList } from '../avi/head-room.ts';
import { type Avi, KEY, surveyAvi } from '../avi/survey-avi.ts';
import { aviContent } from '../content/avi-content.ts';

/** AVI, with OpenDML's further RIFFs. */
export const avi: Format = {
  id: 'avi',
  modality: 'video',
  mediaTypes: ['video/x-msvideo', 'video/avi', 'video/msvideo', 'video/vnd.avi'],
  extensions: ['.avi', '.divx'],
  place: { description: 'RIFF LIST/INFO, chunk AIGC', source: 'TC260-PG-20257A Annex D', certainty: 'guide' },
  matches: (head) => isRiff(head, 'AVI ', ['RIFF']),
  read: async (source) => {
    const { slots, anomalies } = await surveyAvi(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planAvi(source, await surveyAvi(source), slot),
  content: aviContent,
};

/** Labels that are replaced have at most this many bytes in all, with their headers. */
const MAXIMUM_LABELS_BYTES = 256 << 10;

const NOTHING = new Uint8Array(0);

const planAvi = async (source: ByteSource, seen: Avi, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an AVI carries ${KEY}, not ${slot.key}`);
  }
  const [only] = seen.slots;
  if (seen.labelCount === 1 && only?.isGuidePlace === true && only.value === slot.value) {
    return [];
  }
  const sizeBytes = [...seen.strays, ...seen.infos.flatMap(({ labels }) => labels)].reduce((total, chunk) => total + 8 + chunk.sizeBytes, 0);
  if (sizeBytes > MAXIMUM_LABELS_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `The AVI holds ${sizeBytes} bytes under ${KEY}, which is no label; remux it without metadata.`, {
      data: { site: 'avi', sizeBytes, limitBytes: MAXIMUM_LABELS_BYTES },
    });
  }
  const text = utf8(slot.value);
  const label = concat(ascii(KEY), u32le(text.length), text, new Uint8Array(text.length % 2));
  const { splices, isPlaced } = await headEdits(source, seen, label);
  return [...splices, ...xmpSplices(seen), ...tailSplices(seen, isPlaced ? undefined : label)];
};

/** Labels behind the first frames go, and where the head has no room, ours comes at the end of the RIFF, as ffmpeg, exiftool and MediaInfo find it too. */
const tailSplices = (seen: Avi, label: Uint8Array | undefined): readonly Splice[] => {
  const { riff, infos, strays } = seen;
  const headEnd = riff.chunks[seen.firstMovie]?.start ?? 0;
  const moviesEnd = riff.chunks[seen.lastMovie]?.end ?? 0;
  const isTail = (chunk: RiffChunk): boolean => chunk.start >= headEnd;
  const isMovable = (chunk: RiffChunk): boolean => seen.hasMovableEnd && chunk.start >= moviesEnd;
  const tail = infos.filter(({ chunk, labels }) => labels.length > 0 && isTail(chunk));
  const own = [...tail.filter(({ isOurs }) => isOurs).map(({ chunk }) => chunk), ...strays.filter(isTail)];
  const mixed = tail.filter(({ isOurs }) => !isOurs);
  const fixed = [...own.filter((chunk) => !isMovable(chunk)), ...mixed.filter(({ chunk }) => !isMovable(chunk)).flatMap(({ labels }) => labels)];
  const edit: RiffEdit = {
    remove: own.filter(isMovable),
    inside: mixed
      .filter(({ chunk }) => isMovable(chunk))
      .map(({ chunk, labels }) => ({ chunk, splices: labels.map(({ start, end }) => ({ at: start, remove: end - start, insert: NOTHING })) })),
    insert: label === undefined ? [] : [endList(seen, label)],
  };
  return [...editRiff(riff, edit), ...fixed.map(blanked)];
};

/** What cannot go without moving frames becomes padding of the same length. */
const blanked = ({ start, sizeBytes }: RiffChunk): Splice => ({
  at: start,
  remove: 8 + sizeBytes,
  insert: concat(ascii('JUNK'), u32le(sizeBytes), new Uint8Array(sizeBytes)),
});

const endList = ({ riff, hasParts, hasMovableEnd }: Avi, label: Uint8Array): NonNullable<RiffEdit['insert']>[number] => {
  if (hasParts) {
    const message = `The head of this AVI of several parts has no padding for ${label.length} bytes; remux it with \`ffmpeg -c copy\`, which leaves some.`;
    throw new LabelError('CARRIER_FULL', message, { data: { site: 'avi/LIST[INFO]', sizeBytes: label.length } });
  }
  if (!hasMovableEnd) {
    throw damaged('riff', riff.end, 'the chunks of the AVI do not fill its size');
  }
  return { id: 'LIST', data: infoList(label).subarray(8) };
};

/** Packets keep their length, so that nothing behind them moves: white space after the end of XML is none of it. */
const xmpSplices = ({ packets }: Avi): readonly Splice[] =>
  packets.flatMap(({ chunk, bytes, hasLabel }) => {
    if (bytes === undefined) {
      throw new LabelError('LIMIT_EXCEEDED', `The XMP chunk at byte ${chunk.start} is too large to be edited; save the AVI without it.`, {
        data: { site: 'avi/_PMX', offset: chunk.start, length: chunk.sizeBytes },
      });
    }
    if (!hasLabel) {
      return [];
    }
    const packet = withoutXmpProperty(bytes, TC260_XMP, 'avi/_PMX');
    if (packet.length > bytes.length || packet.subarray(0, 4).includes(0)) {
      throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', `The XMP chunk at byte ${chunk.start} is not UTF-8; save the AVI with XMP in UTF-8.`, {
        data: { site: 'avi/_PMX', offset: chunk.start },
      });
    }
    const insert = concat(packet, new Uint8Array(bytes.length - packet.length).fill(0x20));
    return [{ at: chunk.dataStart, remove: bytes.length, insert }];
  });
