// TC260-PG-20257A and TC260-PG-202510A: formats without a row of their own carry the label as XMP; XMP part 3 §2.2.1 says where that stands in ASF.
import {
  ASF_GUIDS,
  type AsfFile,
  type AsfObject,
  type AsfRecords,
  asfStreamTypes,
  editAsf,
  isAsf,
  isAsfRecords,
  readAsf,
  readAsfRecords,
  spliceXmp,
  XMP_LIMIT_BYTES,
  xmpSlots,
} from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import { type Anomaly, type ByteSource, damaged, type Format, LabelError, type Slot, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';
import { asfContent } from './content/asf-content.ts';

/** Names under which others put the label into the lists of the header; `AIGC` is what ffmpeg writes. */
const NAMES: readonly string[] = ['AIGC', 'WM/AIGC'];
const KEY = 'AIGC';
const SITE = 'asf/XMP';

/** Labels of one list that are reported and replaced; an honest list has one. */
const MAXIMUM_LABELS = 16;

/** What ASF is called by what it holds. */
export const asfFormat = (id: 'wmv' | 'wma', rest: Pick<Format, 'modality' | 'mediaTypes' | 'extensions' | 'place'>): Format => ({
  id,
  ...rest,
  matches: (head) => isAsf(head) && kindOf(head) === id,
  read: async (source) => {
    const { slots, anomalies } = await readAsfLabels(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planAsf(source, await readAsfLabels(source), slot),
  content: asfContent,
});

/** Sound where the first bytes show streams of sound and none of pictures. */
const kindOf = (head: Uint8Array): 'wmv' | 'wma' => {
  const types = asfStreamTypes(head);
  return types.includes(ASF_GUIDS.audio) && !types.includes(ASF_GUIDS.video) ? 'wma' : 'wmv';
};

interface AsfLabels {
  readonly file: AsfFile;
  readonly lists: readonly AsfRecords[];
  /** Objects of XMP; `bytes` where they are read, `isPlace` for the first behind the data. */
  readonly packets: readonly { readonly object: AsfObject; readonly bytes: Uint8Array | undefined; readonly isPlace: boolean }[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readAsfLabels = async (source: ByteSource): Promise<AsfLabels> => {
  const file = await readAsf(source);
  const slots: Slot[] = [];
  const anomalies: Anomaly[] = [...file.anomalies];
  const lists: AsfRecords[] = [];
  for (const object of [...file.children, ...(file.extension?.children ?? [])].filter(isAsfRecords)) {
    const list = await readAsfRecords(source, object, NAMES);
    const site = object.guid === ASF_GUIDS.extendedContentDescription ? 'asf/extended content description' : 'asf/metadata';
    if (list.brokenAt !== undefined) {
      anomalies.push({ code: 'damaged', site, offset: list.brokenAt, detail: 'the values of a list do not fill it' });
    }
    for (const { text, start, end } of list.matches.slice(0, MAXIMUM_LABELS)) {
      if (text === undefined) {
        anomalies.push({ code: 'undecodable', site, offset: start, detail: `${end - start} bytes under ${KEY} are no text, or too many` });
      } else {
        slots.push({ key: KEY, site: `${site}[${KEY}]`, isGuidePlace: false, value: text });
      }
    }
    lists.push(list);
  }
  const packets: AsfLabels['packets'][number][] = [];
  const dataEnd = file.objects.find(({ guid }) => guid === ASF_GUIDS.data)?.end ?? Number.POSITIVE_INFINITY;
  let bytesLeft = XMP_LIMIT_BYTES;
  for (const object of file.objects.filter(({ guid }) => guid === ASF_GUIDS.xmp)) {
    const sizeBytes = object.end - object.dataStart;
    const isPlace = object.start >= dataEnd && !packets.some((packet) => packet.isPlace);
    if (sizeBytes > bytesLeft) {
      anomalies.push({ code: 'limit', site: SITE, offset: object.start, detail: `the object holds ${sizeBytes} bytes` });
      packets.push({ object, bytes: undefined, isPlace });
      continue;
    }
    bytesLeft -= sizeBytes;
    const bytes = await source.read(object.dataStart, sizeBytes);
    const labels = xmpSlots(bytes, TC260_XMP, { site: packets.length === 0 ? SITE : `${SITE}[${packets.length}]`, isPlace, offset: object.start });
    slots.push(...labels.slots);
    anomalies.push(...labels.anomalies);
    packets.push({ object, bytes, isPlace });
  }
  if (packets.length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: SITE, detail: 'more than one object holds XMP' });
  }
  return { file, lists, packets, slots, anomalies };
};

const planAsf = async (source: ByteSource, { file, lists, packets }: AsfLabels, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an ASF carries ${KEY}, not ${slot.key}`);
  }
  if (file.isEndless) {
    const message =
      'This recording was written into a pipe and does not tell where its packets end; remux it into a file (`ffmpeg -c copy`) and label that.';
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', message, { data: { site: 'asf/data', offset: file.end } });
  }
  if (!file.isWhole) {
    throw damaged('asf', file.end, 'its objects do not fill it');
  }
  const overfull = lists.find(({ matches }) => matches.length > MAXIMUM_LABELS);
  if (overfull !== undefined) {
    throw new LabelError('LIMIT_EXCEEDED', `The header holds more than ${MAXIMUM_LABELS} values under ${KEY}; remux the file without metadata.`, {
      data: { site: 'asf/header', offset: overfull.object.start, limit: MAXIMUM_LABELS },
    });
  }
  const replace = packets.flatMap(({ object, bytes, isPlace }) => {
    if (bytes === undefined) {
      throw new LabelError('LIMIT_EXCEEDED', `The XMP object at byte ${object.start} is too large to be edited; save the file without it.`, {
        data: { site: SITE, offset: object.start, limitBytes: XMP_LIMIT_BYTES },
      });
    }
    const data = xmpWithOneLabel(bytes, TC260_XMP, isPlace, slot, { site: SITE });
    return data === bytes ? [] : [{ object, data }];
  });
  const append = packets.some(({ isPlace }) => isPlace) ? [] : [{ guid: ASF_GUIDS.xmp, data: spliceXmp(undefined, TC260_XMP, slot) }];
  const splices = await editAsf(source, file, { records: lists.map((list) => ({ list, remove: list.matches })), replace, append });
  const signature = file.children.find(({ guid }) => guid === ASF_GUIDS.digitalSignature);
  if (signature !== undefined && splices.length > 0) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The header of this file is signed, and a label would break the signature; remux the file first.',
      {
        data: { site: 'asf/header', offset: signature.start },
      },
    );
  }
  return splices;
};
