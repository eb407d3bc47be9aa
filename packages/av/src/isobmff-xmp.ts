import { type Box, type BoxEdit, contentOf, contentSize, readXmp, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import { type Anomaly, type ByteSource, TC260_XMP } from '@aigc-label/core';

/** XMP part 3 §1.1.4 (MPEG-4): the user type of the `uuid` box that holds a packet. */
export const XMP_USER_TYPE = 'be7acfcb97a942e89c71999491e3afac';

/** A packet that holds our property, with all boxes around its box. */
export interface XmpCarrier {
  readonly box: Box;
  readonly parents: readonly Box[];
  readonly packet: Uint8Array;
  readonly site: string;
}

/** What a box of XMP says under our key. */
export interface XmpInBox {
  /** Absent where the packet has nothing of ours. */
  readonly carrier?: XmpCarrier;
  readonly properties: readonly { readonly site: string; readonly value: string; readonly fields?: Readonly<Record<string, unknown>> }[];
  readonly anomalies: readonly Anomaly[];
}

/** Whether a box holds XMP: the `uuid` box of MPEG-4, or QuickTime's `XMP_` in `udta`. */
export const holdsXmp = (box: Box): boolean => box.userType === XMP_USER_TYPE || box.type === 'XMP_';

/** Reads the packet in a box of at most `limitBytes`; damage is an anomaly. */
export const readBoxXmp = async (source: ByteSource, box: Box, parents: readonly Box[], limitBytes: number): Promise<XmpInBox> => {
  const site = `isobmff/${[...parents.map(({ type }) => type), box.type === 'uuid' ? 'uuid[XMP]' : box.type].join('.')}`;
  if (contentSize(box) > Math.min(limitBytes, XMP_LIMIT_BYTES)) {
    const detail = `an XMP packet of ${contentSize(box)} bytes is not read`;
    return { properties: [], anomalies: [{ code: 'limit', site, offset: box.offset, detail }] };
  }
  const packet = await source.read(contentOf(box), contentSize(box));
  const { properties, anomalies } = readXmp(packet, TC260_XMP, site);
  return {
    ...(properties.length === 0 ? {} : { carrier: { box, parents, packet, site } }),
    properties: properties.map(({ site: path, value, fields }) => ({ site: `${site}/${path}`, value, ...(fields === undefined ? {} : { fields }) })),
    anomalies,
  };
};

/** Takes our property out of a packet, and nothing else. Throws `LabelError` where the packet cannot be edited. */
export const xmpEdit = ({ box, parents, packet, site }: XmpCarrier): BoxEdit => ({
  at: contentOf(box),
  remove: packet.length,
  insert: withoutXmpProperty(packet, TC260_XMP, site),
  parents: [...parents, box],
});
