// XMP part 3 §1.1.8 (Photoshop): image resource 1060 holds the packet. TC260-PG-20259A names XMP for pictures.
import { isPsd, type Psd, type PsdResource, psdResource, readPsd, spliceXmp, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
  TC260_XMP,
  u32At,
  u32be,
} from '@aigc-label/core';
import { psdContent } from '../content/psd-content.ts';
import { IMAGE_GUIDE } from '../place.ts';

const XMP_RESOURCE = 1060;
const SITE = 'psd/8BIM[1060]';

/** Bytes of XMP that are read from one file in all. */
const MAXIMUM_XMP_BYTES: number = XMP_LIMIT_BYTES;

/** Photoshop documents: PSD and, above 30,000 pixels a side, PSB. */
export const psd: Format = {
  id: 'psd',
  modality: 'image',
  mediaTypes: ['image/vnd.adobe.photoshop', 'image/x-psd'],
  extensions: ['.psd', '.psb'],
  place: { description: 'image resource 1060 (XMP), TC260:AIGC', source: IMAGE_GUIDE, certainty: 'guide' },
  matches: isPsd,
  read: async (source) => {
    const { slots, anomalies } = await survey(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planPsd(source, await survey(source), slot),
  content: psdContent,
};

interface Packet {
  readonly resource: PsdResource;
  /** `undefined` where it is too large to be read. */
  readonly bytes: Uint8Array | undefined;
}

interface Survey {
  readonly psd: Psd;
  readonly packets: readonly Packet[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const survey = async (source: ByteSource): Promise<Survey> => {
  const file = await readPsd(source);
  const anomalies: Anomaly[] = [...file.anomalies];
  const slots: Slot[] = [];
  const packets: Packet[] = [];
  let budget = MAXIMUM_XMP_BYTES;
  for (const resource of file.resources.filter(({ id }) => id === XMP_RESOURCE)) {
    const site = packets.length === 0 ? SITE : `${SITE}[${packets.length}]`;
    if (resource.sizeBytes > budget) {
      anomalies.push({ code: 'limit', site, offset: resource.start, detail: `the resource holds ${resource.sizeBytes} bytes` });
      packets.push({ resource, bytes: undefined });
      continue;
    }
    budget -= resource.sizeBytes;
    const bytes = await source.read(resource.dataStart, resource.sizeBytes);
    const labels = xmpSlots(bytes, TC260_XMP, { site, isPlace: packets.length === 0, offset: resource.start });
    slots.push(...labels.slots);
    anomalies.push(...labels.anomalies);
    packets.push({ resource, bytes });
  }
  if (packets.length > 1) {
    anomalies.push({ code: 'duplicate_structure', site: SITE, detail: 'more than one resource holds XMP' });
  }
  return { psd: file, packets, slots, anomalies };
};

const planPsd = async (source: ByteSource, { psd: file, packets }: Survey, slot: SlotText): Promise<readonly Splice[]> => {
  const { lengthAt, end, anomalies } = file;
  if (!file.isComplete || lengthAt === undefined) {
    const [why] = anomalies;
    if (why?.code === 'limit') {
      throw new LabelError('LIMIT_EXCEEDED', `This Photoshop file has ${why.detail}; save it again from Photoshop.`, { data: { site: why.site } });
    }
    throw damaged('psd/resources', why?.offset ?? 0, why?.detail ?? 'the image resources cannot be followed');
  }
  const splices: Splice[] = [];
  for (const [index, { resource, bytes }] of packets.entries()) {
    if (bytes === undefined) {
      throw new LabelError('LIMIT_EXCEEDED', `The XMP at byte ${resource.start} is too large to be edited; save the file without it.`, {
        data: { site: SITE, offset: resource.start, length: resource.sizeBytes, limitBytes: MAXIMUM_XMP_BYTES },
      });
    }
    const packet = xmpWithOneLabel(bytes, TC260_XMP, index === 0, slot, { site: SITE });
    if (packet !== bytes) {
      const padded = psdResource(XMP_RESOURCE, packet).subarray(8);
      splices.push({ at: resource.sizeAt, remove: resource.end - resource.sizeAt, insert: padded });
    }
  }
  if (packets.length === 0) {
    splices.push({ at: end, remove: 0, insert: psdResource(XMP_RESOURCE, spliceXmp(undefined, TC260_XMP, slot)) });
  }
  const grown = splices.reduce((total, { remove, insert }) => total + insert.length - remove, 0);
  if (splices.length === 0 || grown === 0) {
    return splices;
  }
  const length = u32At(await source.read(lengthAt, 4), 0) + grown;
  if (length > 0xffff_ffff) {
    throw new LabelError('CARRIER_FULL', 'The image resources of this file are full; save it again without its history.', { data: { site: SITE } });
  }
  return [{ at: lengthAt, remove: 4, insert: u32be(length) }, ...splices];
};
