import { readXmp, type SpliceXmpOptions, spliceXmp } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import { type Anomaly, type Slot, type SlotText, TC260_XMP } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/**
 * The labels in an XMP packet, as slots.
 *
 * @param isPlace whether the packet stands, as its format wants it, where the label belongs.
 * @param offset where the packet's carrier stands in the file, for anomalies, in bytes.
 */
export const xmpSlots = (
  packet: Uint8Array,
  site: string,
  isPlace: boolean,
  offset: number,
): { readonly slots: readonly Slot[]; readonly anomalies: readonly Anomaly[] } => {
  const { properties, anomalies } = readXmp(packet, TC260_XMP, site);
  return {
    slots: properties.map((one) => ({ ...one, key: LABEL_KEY, site: `${site}/${one.site}`, isGuidePlace: one.isGuidePlace && isPlace })),
    anomalies: anomalies.map((anomaly) => ({ ...anomaly, offset })),
  };
};

/**
 * One of several packets of a file in which one label stays: the packet of the guide's place with it, any other without; the same bytes where nothing changes.
 *
 * @throws LabelError as `spliceXmp` does.
 */
export const xmpWithOneLabel = (
  packet: Uint8Array,
  isPlace: boolean,
  slot: SlotText,
  options: SpliceXmpOptions & { readonly site: string },
): Uint8Array => (isPlace ? spliceXmp(packet, TC260_XMP, slot, options) : withoutXmpProperty(packet, TC260_XMP, options.site));
