import type { Anomaly, Slot, SlotText, XmpProperty } from '@aigc-label/core';
import { readXmp } from './read-xmp.ts';
import { type SpliceXmpOptions, spliceXmp, withoutXmpProperty } from './splice-xmp.ts';

/** Where a packet stands. */
export interface XmpPlace {
  /** Of the packet's carrier: `png/iTXt[XML:com.adobe.xmp]`. */
  readonly site: string;
  /** Whether the packet stands, as its format wants it, where the label belongs. */
  readonly isPlace: boolean;
  /** Where the packet's carrier stands in the file, for anomalies, in bytes. */
  readonly offset: number;
}

/** The labels in an XMP packet, as slots under the property's name. */
export const xmpSlots = (
  packet: Uint8Array,
  property: XmpProperty,
  { site, isPlace, offset }: XmpPlace,
): { readonly slots: readonly Slot[]; readonly anomalies: readonly Anomaly[] } => {
  const { properties, anomalies } = readXmp(packet, property, site);
  return {
    slots: properties.map((one) => ({ ...one, key: property.name, site: `${site}/${one.site}`, isGuidePlace: one.isGuidePlace && isPlace })),
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
  property: XmpProperty,
  isPlace: boolean,
  slot: SlotText,
  options: SpliceXmpOptions & { readonly site: string },
): Uint8Array => (isPlace ? spliceXmp(packet, property, slot, options) : withoutXmpProperty(packet, property, options.site));
