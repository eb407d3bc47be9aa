// XMP part 1 (ISO 16684-1) §7: a packet as a file of its own, the sidecar that many programs put beside a picture.
import { isXmpHead, spliceXmp, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { type ByteSource, type Format, LabelError, TC260_XMP } from '@aigc-label/core';
import { xmpContent } from '../content/xmp-content.ts';

const SITE = 'xmp';

/** An XMP packet as a file: also what a sidecar is (docs/decisions/0013). */
export const xmp: Format = {
  id: 'xmp',
  modality: 'image',
  mediaTypes: ['application/rdf+xml'],
  extensions: ['.xmp'],
  place: { description: 'the packet itself, TC260:AIGC', source: 'TC260-PG-20259A, main scheme', certainty: 'guide' },
  matches: isXmpHead,
  async read(source) {
    const { slots, anomalies } = xmpSlots(await wholeOf(source), TC260_XMP, { site: SITE, isPlace: true, offset: 0 });
    return { found: slots, anomalies };
  },
  async plan(source, slot) {
    const packet = await wholeOf(source);
    const edited = spliceXmp(packet, TC260_XMP, slot, { site: SITE });
    return edited === packet ? [] : [{ at: 0, remove: packet.length, insert: edited }];
  },
  content: xmpContent,
};

const wholeOf = async (source: ByteSource): Promise<Uint8Array> => {
  if (source.size > XMP_LIMIT_BYTES) {
    throw new LabelError('LIMIT_EXCEEDED', `An XMP file of ${source.size} bytes is too large; at most ${XMP_LIMIT_BYTES} are read.`, {
      data: { site: SITE, length: source.size, limitBytes: XMP_LIMIT_BYTES },
    });
  }
  return source.read(0, source.size);
};
