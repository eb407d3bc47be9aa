// spec/content/image.md, svg-1.
import { locateXmp } from '@aigc-label/containers';
import { type ByteSource, type ContentPlan, TC260_XMP, wholeFile } from '@aigc-label/core';
import type { SvgPacket, SvgSurvey } from '../svg-packets.ts';
import { xmlCuts } from './xml-cuts.ts';
import { OWN_RDF } from './xmp-content.ts';

/** What was read of an SVG. */
export interface SvgReading {
  /** `undefined` where the file was not read: too large, or in an encoding that is no superset of ASCII. */
  readonly survey: SvgSurvey | undefined;
  /** Each rdf:RDF, with what was put around it so that it can be read alone. */
  readonly packets: readonly { readonly packet: SvgPacket; readonly opening: Uint8Array; readonly bytes: Uint8Array }[];
}

/**
 * What the signed digest of an SVG covers: every byte but the label, and the elements that had to be opened or made for it. Metadata of others is content: no
 * tool edits it without writing the whole file anew.
 */
export const svgContent = async (source: ByteSource, { survey, packets }: SvgReading): Promise<ContentPlan> => {
  if (survey?.root === undefined || survey.fault !== undefined) {
    return { ...(await wholeFile(source)), method: 'svg-1' };
  }
  const { root, metadata, markers } = survey;
  const cuts = xmlCuts(await source.read(0, source.size));
  for (const { packet, opening, bytes } of packets) {
    const base = packet.element.start - opening.length;
    for (const { start, end } of locateXmp(bytes, TC260_XMP)?.ranges ?? []) {
      cuts.cut({ start: base + start, end: base + end });
    }
    cuts.collapse(packet.element, OWN_RDF);
  }
  for (const { start, end } of markers) {
    cuts.cut({ start, end });
  }
  if (metadata !== undefined) {
    cuts.collapse(metadata, `${root.name.slice(0, -'svg'.length)}metadata`);
  }
  cuts.collapse(root);
  const { pieces, carriers } = cuts.finish();
  return { method: 'svg-1', parts: [{ name: 'file', pieces, isPerceived: true }], carriers };
};
