// TC260-PG-20259A names XMP for pictures; in SVG it stands as rdf:RDF in <metadata> (SVG 2 §5.11).
import { spliceXmp, xmlRootName, xmpSlots } from '@aigc-label/containers';
import { withoutXmpProperty } from '@aigc-label/containers/internal';
import {
  type Anomaly,
  type ByteSource,
  concat,
  damaged,
  type Format,
  fromUtf8,
  LabelError,
  latin1,
  type Slot,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
  utf8,
} from '@aigc-label/core';
import { svgContent } from '../content/svg-content.ts';
import { IMAGE_GUIDE, LABEL_KEY } from '../place.ts';
import { type SvgElement, type SvgPacket, type SvgSurvey, surveySvg } from '../svg-packets.ts';

/** A picture of lines has KiB; maps and traced photographs have a few MiB. Read as a whole, since metadata may stand anywhere. */
const MAXIMUM_SVG_BYTES: number = 16 << 20;
/** Encodings in which a byte of ASCII is not always a character of ASCII. */
const NOT_ASCII_SUPERSETS = /^(?:utf-16|utf-32|ucs-|iso-10646|iso-2022-|hz-gb|utf-7|ebcdic|ibm|cp037)/i;

/** SVG, not compressed. */
export const svg: Format = {
  id: 'svg',
  modality: 'image',
  mediaTypes: ['image/svg+xml'],
  extensions: ['.svg'],
  place: { description: '<metadata>, rdf:RDF, TC260:AIGC', source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => xmlRootName(head) === 'svg',
  async read(source) {
    const { slots, anomalies } = await readSvg(source);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => planSvg(source, await readSvg(source), slot),
  content: async (source) => svgContent(source, await readSvg(source)),
};

interface Wrapped {
  readonly packet: SvgPacket;
  readonly opening: Uint8Array;
  readonly bytes: Uint8Array;
}

interface Svg {
  /** `undefined` where the file was not read. */
  readonly survey: SvgSurvey | undefined;
  readonly packets: readonly Wrapped[];
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

const readSvg = async (source: ByteSource): Promise<Svg> => {
  const none = { survey: undefined, packets: [], slots: [] };
  if (source.size > MAXIMUM_SVG_BYTES) {
    return { ...none, anomalies: [{ code: 'limit', site: 'svg', detail: `an SVG of ${source.size} bytes; at most ${MAXIMUM_SVG_BYTES} are read` }] };
  }
  const bytes = await source.read(0, source.size);
  const text = latin1(bytes);
  const encoding = /^[^<]*<\?xml[^>]*?encoding\s*=\s*["']([\w.-]{1,40})["']/.exec(text.slice(0, 512))?.[1];
  if (isWide(bytes) || (encoding !== undefined && NOT_ASCII_SUPERSETS.test(encoding))) {
    return { ...none, anomalies: [{ code: 'undecodable', site: 'svg', detail: 'an encoding that is no superset of ASCII' }] };
  }
  const survey = surveySvg(text);
  const slots: Slot[] = [];
  const anomalies: Anomaly[] = [survey.fault ?? [], survey.trailing ?? []].flat();
  const packets = survey.packets.map((packet, index): Wrapped => {
    const { opening, closing } = wrapperOf(packet.namespaces);
    const wrapped = concat(opening, bytes.subarray(packet.element.start, packet.element.end), closing);
    const site = index === 0 ? 'svg/rdf:RDF' : `svg/rdf:RDF[${index}]`;
    const labels = xmpSlots(wrapped, TC260_XMP, { site, isPlace: packet.isPlace, offset: packet.element.start });
    slots.push(...labels.slots);
    anomalies.push(...labels.anomalies);
    return { packet, opening, bytes: wrapped };
  });
  for (const { kind, value } of survey.markers) {
    slots.push({
      key: LABEL_KEY,
      site: `svg/${kind}`,
      isGuidePlace: false,
      value: fromUtf8(Uint8Array.from(value, (unit) => unit.charCodeAt(0))) ?? value,
    });
  }
  return { survey, packets, slots, anomalies };
};

const isWide = (bytes: Uint8Array): boolean =>
  startsWith(bytes, Uint8Array.of(0xff, 0xfe)) || startsWith(bytes, Uint8Array.of(0xfe, 0xff)) || bytes.subarray(0, 4).includes(0);

/** An x:xmpmeta with the namespaces of the ancestors, so that one rdf:RDF can be read and edited as a packet of its own. */
const wrapperOf = (namespaces: ReadonlyMap<string, string>): { readonly opening: Uint8Array; readonly closing: Uint8Array } => {
  let prefix = 'x';
  while (namespaces.has(prefix)) {
    prefix += 'x';
  }
  const declared = [...namespaces].map(([name, value]) => {
    const quote = value.includes('"') ? "'" : '"';
    return ` xmlns${name === '' ? '' : `:${name}`}=${quote}${value}${quote}`;
  });
  // Characters of the text are bytes: they go back as bytes.
  const opening = Uint8Array.from(`<${prefix}:xmpmeta xmlns:${prefix}="adobe:ns:meta/"${declared.join('')}>`, (unit) => unit.charCodeAt(0));
  return { opening, closing: utf8(`</${prefix}:xmpmeta>`) };
};

const planSvg = (source: ByteSource, { survey, packets }: Svg, slot: SlotText): readonly Splice[] => {
  assertRead(source, survey);
  const root = rootOf(survey);
  const splices: Splice[] = survey.markers.map(({ start, end }) => ({ at: start, remove: end - start, insert: new Uint8Array() }));
  for (const { packet, opening, bytes } of packets) {
    const edited = packet.isPlace ? spliceXmp(bytes, TC260_XMP, slot, { site: 'svg/rdf:RDF' }) : withoutXmpProperty(bytes, TC260_XMP, 'svg/rdf:RDF');
    if (edited !== bytes) {
      const { start, end } = packet.element;
      splices.push({ at: start, remove: end - start, insert: inside(edited, opening) });
    }
  }
  if (packets.some(({ packet }) => packet.isPlace)) {
    return splices;
  }
  const { opening, closing } = wrapperOf(survey.namespaces);
  const rdf = latin1(inside(spliceXmp(concat(opening, closing), TC260_XMP, slot), opening));
  const { metadata } = survey;
  // In front of the other splices: a label that goes may begin at the same place.
  const element = `${root.name.slice(0, -'svg'.length)}metadata`;
  if (metadata !== undefined) {
    splices.unshift(
      metadata.isEmpty
        ? { at: metadata.openEnd - 2, remove: 2, insert: utf8(`>${rdf}</${metadata.name}>`) }
        : { at: metadata.closeStart, remove: 0, insert: utf8(rdf) },
    );
  } else if (root.isEmpty) {
    splices.unshift({ at: root.openEnd - 2, remove: 2, insert: utf8(`><${element}>${rdf}</${element}></${root.name}>`) });
  } else {
    splices.unshift({ at: survey.insertAt, remove: 0, insert: utf8(`<${element}>${rdf}</${element}>`) });
  }
  return splices;
};

/** What stands between the tags of the wrapper. */
const inside = (edited: Uint8Array, opening: Uint8Array): Uint8Array => edited.subarray(opening.length, latin1(edited).lastIndexOf('</'));

function assertRead(source: ByteSource, survey: SvgSurvey | undefined): asserts survey is SvgSurvey {
  if (source.size > MAXIMUM_SVG_BYTES) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `An SVG of ${source.size} bytes is too large; at most ${MAXIMUM_SVG_BYTES} are edited. Move its pictures out of it.`,
      {
        data: { site: 'svg', length: source.size, limitBytes: MAXIMUM_SVG_BYTES },
      },
    );
  }
  if (survey === undefined) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'This SVG is in an encoding that cannot be edited safely; save it as UTF-8 first.', {
      data: { site: 'svg' },
    });
  }
}

const rootOf = ({ root, fault }: SvgSurvey): SvgElement => {
  if (fault?.code === 'limit') {
    throw new LabelError('LIMIT_EXCEEDED', `This SVG has ${fault.detail}; simplify it first.`, { data: { site: 'svg', offset: fault.offset } });
  }
  if (root === undefined || fault !== undefined) {
    throw damaged('svg', fault?.offset ?? 0, fault?.detail ?? 'it has no root');
  }
  return root;
};
