// spec/content/image.md, xmp-1.
import { locateXmp, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { type ByteSource, type ContentPlan, fromUtf8, TC260_XMP, wholeFile } from '@aigc-label/core';
import { xmlCuts } from './xml-cuts.ts';

/** The start tag of an rdf:RDF that labelling makes. */
export const OWN_RDF = 'rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';

/** What the signed digest of an XMP packet covers that is a file of its own: everything but the label, and the elements that had to be opened or made for it. */
export const xmpContent = async (source: ByteSource): Promise<ContentPlan> => {
  const bytes = source.size > XMP_LIMIT_BYTES ? undefined : await source.read(0, source.size);
  const located = bytes === undefined ? undefined : locateXmp(bytes, TC260_XMP);
  if (bytes === undefined || located === undefined) {
    return { ...(await wholeFile(source)), method: 'xmp-1' };
  }
  const cuts = xmlCuts(bytes);
  for (const range of located.ranges) {
    cuts.cut(range);
  }
  // In UTF-16 no element is opened or made without another length.
  if (fromUtf8(bytes) !== undefined) {
    if (located.rdf !== undefined) {
      cuts.collapse(located.rdf, located.meta === undefined ? undefined : OWN_RDF);
    }
    if (located.meta !== undefined) {
      cuts.collapse(located.meta);
    }
  }
  const { pieces, carriers } = cuts.finish();
  return { method: 'xmp-1', parts: [{ name: 'file', pieces }], carriers };
};
