// SVG 2 §5.11: <metadata> holds metadata of any namespace; XMP part 3 puts rdf:RDF there. The elements between, and the namespaces that they declare, are followed here.
import { localName, type XmlMarkup, xmlAttributes, xmlMarkup } from '@aigc-label/containers';
import { type Anomaly, isLooseLabel } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** SVG nests a few dozen elements; an attacker nests thousands. */
const MAXIMUM_DEPTH = 512;
/** Elements rdf:RDF, and comments that are labels, that are looked at; more of them are an attack. */
const MAXIMUM_FINDS = 16;
const RDF_NAMESPACE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** Offsets in bytes of an element. */
export interface SvgElement {
  readonly name: string;
  readonly start: number;
  readonly openEnd: number;
  /** Where its end tag begins; `openEnd` where it closes itself. */
  readonly closeStart: number;
  readonly end: number;
  readonly isEmpty: boolean;
}

/** An rdf:RDF element, and what it takes to read it alone. */
export interface SvgPacket {
  readonly element: SvgElement;
  /** The namespaces that its ancestors declare, by prefix. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** Whether it is the first that stands in a <metadata> of the root, or in an x:xmpmeta there. */
  readonly isPlace: boolean;
}

/** A label that somebody put into a comment or behind the end. */
export interface SvgMarker {
  readonly kind: 'comment' | 'tail';
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** What was found in the markup of an SVG. */
export interface SvgSurvey {
  readonly root: SvgElement | undefined;
  readonly namespaces: ReadonlyMap<string, string>;
  /** The first <metadata> that is a child of the root. */
  readonly metadata: SvgElement | undefined;
  /** Behind the <title> and <desc> with which the root begins: SVG 2 §5.5 wants them first. */
  readonly insertAt: number;
  readonly packets: readonly SvgPacket[];
  readonly markers: readonly SvgMarker[];
  /** Set where the markup cannot be followed to the end of the root. */
  readonly fault: Anomaly | undefined;
  /** Bytes behind the root that are no comment, instruction or white space. */
  readonly trailing: Anomaly | undefined;
}

interface Level {
  readonly tag: XmlMarkup;
  readonly local: string;
  namespaces?: ReadonlyMap<string, string>;
}

/** Follows the markup once. `text` has one character a byte. */
export const surveySvg = (text: string): SvgSurvey => {
  const levels: Level[] = [];
  const packets: SvgPacket[] = [];
  const markers: SvgMarker[] = [];
  let root: SvgElement | undefined;
  let rootNamespaces: ReadonlyMap<string, string> = new Map();
  let metadata: SvgElement | undefined;
  let insertAt: number | undefined;
  let packetDepth: number | undefined;
  let fault: Anomaly | undefined;
  let candidates = 0;
  let end = 0;

  const closed = (level: Level, closeStart: number, elementEnd: number): void => {
    const isEmpty = level.tag.kind === 'empty';
    const element: SvgElement = { name: level.tag.name, start: level.tag.start, openEnd: level.tag.end, closeStart, end: elementEnd, isEmpty };
    const depth = levels.length;
    if (depth === 0) {
      root = element;
      rootNamespaces = namespacesOf(text, [level]);
    } else if (depth === 1 && level.local === 'metadata') {
      metadata ??= element;
    }
    if (depth === 1 && (level.local === 'title' || level.local === 'desc') && insertAt === level.tag.start) {
      insertAt = gapEnd(text, elementEnd, elementEnd);
    }
    if (packetDepth === depth) {
      packetDepth = undefined;
      const place = levels.map(({ local }) => local).slice(1);
      const isPlace =
        !packets.some((packet) => packet.isPlace) &&
        place[0] === 'metadata' &&
        (place.length === 1 || (place.length === 2 && place[1] === 'xmpmeta'));
      packets.push({ element, namespaces: namespacesOf(text, levels), isPlace });
    }
  };

  for (const markup of xmlMarkup(text)) {
    if (root !== undefined && (text.slice(end, markup.start).trim() !== '' || !['comment', 'instruction'].includes(markup.kind))) {
      break;
    }
    end = markup.end;
    if (markup.kind === 'unclosed' || (markup.kind === 'close' && levels.at(-1)?.tag.name !== markup.name)) {
      const code = markup.kind === 'unclosed' ? 'truncated' : 'damaged';
      fault = {
        code,
        site: 'svg',
        offset: markup.start,
        detail: markup.kind === 'unclosed' ? 'markup that never ends' : 'an end tag that closes another element',
      };
      break;
    }
    if (markup.kind === 'comment' && levels.length <= 1) {
      const value = text.slice(markup.start + 4, markup.end - 3).trim();
      if (value.includes(LABEL_KEY) && isLooseLabel(value, LABEL_KEY)) {
        markers.push({ kind: 'comment', start: markup.start, end: markup.end, value });
      }
    } else if (markup.kind === 'empty' && levels.length > 0 && !/(?:^|:)(?:RDF|metadata|title|desc)$/.test(markup.name)) {
      // Most elements are such, and mean nothing here.
    } else if (markup.kind === 'open' || markup.kind === 'empty') {
      const level: Level = { tag: markup, local: localName(markup.name) };
      if (levels.length === 0) {
        insertAt = gapEnd(text, markup.end, markup.end);
      }
      if (packetDepth === undefined && level.local === 'RDF' && levels.length > 0) {
        candidates += 1;
        packetDepth = isRdf(text, [...levels, level]) ? levels.length : undefined;
      }
      if (markup.kind === 'empty') {
        closed(level, markup.end, markup.end);
      } else {
        levels.push(level);
      }
    } else if (markup.kind === 'close') {
      const level = levels.pop();
      if (level !== undefined) {
        closed(level, markup.start, markup.end);
      }
    }
    if (levels.length > MAXIMUM_DEPTH || candidates > MAXIMUM_FINDS || markers.length > MAXIMUM_FINDS) {
      fault = { code: 'limit', site: 'svg', offset: markup.start, detail: 'more levels, packets or labels than are read' };
      break;
    }
  }
  if (root === undefined && fault === undefined) {
    fault = { code: 'truncated', site: 'svg', offset: text.length, detail: 'the root is never closed' };
  }
  if (root !== undefined && localName(root.name) !== 'svg') {
    fault ??= { code: 'damaged', site: 'svg', offset: root.start, detail: 'the root is no svg element' };
  }
  const { trailing, marker } = tailOf(text, root === undefined || fault !== undefined ? text.length : Math.max(end, root.end));
  return {
    root,
    namespaces: rootNamespaces,
    metadata,
    insertAt: titlesEnd(insertAt, root),
    packets,
    markers: marker === undefined ? markers : [...markers, marker],
    fault,
    trailing,
  };
};

/** Where the next markup begins behind white space, or `otherwise` where text stands between. */
const gapEnd = (text: string, at: number, otherwise: number): number => {
  const next = text.indexOf('<', at);
  return next >= 0 && text.slice(at, next).trim() === '' ? next : otherwise;
};

const titlesEnd = (insertAt: number | undefined, root: SvgElement | undefined): number =>
  root === undefined ? 0 : Math.min(insertAt ?? root.openEnd, root.closeStart);

/** The namespaces in force inside the innermost level, outer ones first; each tag is parsed once. Values with references are left out. */
const namespacesOf = (text: string, levels: readonly Level[]): ReadonlyMap<string, string> => {
  const all = new Map<string, string>();
  for (const level of levels) {
    level.namespaces ??= new Map(
      xmlAttributes(text, level.tag)
        .filter(({ name, value }) => (name === 'xmlns' || name.startsWith('xmlns:')) && !value.includes('&'))
        .map(({ name, value }) => [name.slice(6), value]),
    );
    for (const [prefix, namespace] of level.namespaces) {
      all.set(prefix, namespace);
    }
  }
  return all;
};

const isRdf = (text: string, levels: readonly Level[]): boolean => {
  const name = levels.at(-1)?.tag.name ?? '';
  const colon = name.indexOf(':');
  return namespacesOf(text, levels).get(colon < 0 ? '' : name.slice(0, colon)) === RDF_NAMESPACE;
};

/** A label as a block of its own behind the end (spec/labels.md §5.1 no. 12), or bytes that are none. */
const tailOf = (text: string, end: number): { readonly trailing: Anomaly | undefined; readonly marker: SvgMarker | undefined } => {
  const tail = text.slice(end);
  if (tail.trim() === '') {
    return { trailing: undefined, marker: undefined };
  }
  const trailing: Anomaly = { code: 'trailing_data', site: 'svg', offset: end, detail: `${tail.length} bytes behind the root` };
  const start = end + (tail.length - tail.trimStart().length);
  const value = tail.trim();
  const isLabel = isLooseLabel(value, LABEL_KEY);
  return isLabel ? { trailing: undefined, marker: { kind: 'tail', start, end: start + value.length, value } } : { trailing, marker: undefined };
};
