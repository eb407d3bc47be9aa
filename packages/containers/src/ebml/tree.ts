import { concat } from '@aigc-label/core';
import { crcElement, EBML_ID, elementBytes, parseElementHeader } from './element.ts';

/** Elements of one index or of all tags that are held: an index of a day, a point every two seconds, has fewer. */
export const MAXIMUM_TREE_ELEMENTS: number = 200_000;

/** SimpleTags nest; nobody nests them as deep. */
const MAXIMUM_DEPTH = 16;

/** An element of a master that is held in memory; offsets are of these bytes. */
export interface EbmlNode {
  readonly id: number;
  readonly start: number;
  readonly dataStart: number;
  readonly end: number;
  readonly sizeWidth: number;
  /** From 0, the roots. */
  readonly depth: number;
  /** Set on masters that were opened. */
  readonly children?: readonly EbmlNode[];
}

/** Elements that fill a stretch, as far as they could be followed. */
export interface EbmlTree {
  readonly roots: readonly EbmlNode[];
  /** Set where they do not fill their parents, or are too many or too deep: what is wrong, and where. */
  readonly problem: { readonly code: 'damaged' | 'limit'; readonly at: number; readonly what: string } | undefined;
}

interface OpenNode extends EbmlNode {
  readonly children: EbmlNode[];
}

/** The elements of `bytes`; those with an ID in `masters` are opened. At most `limit` of them. */
export const parseTree = (bytes: Uint8Array, masters: ReadonlySet<number>, limit: number = MAXIMUM_TREE_ELEMENTS): EbmlTree => {
  const top: OpenNode = { id: 0, start: 0, dataStart: 0, end: bytes.length, sizeWidth: 0, depth: -1, children: [] };
  const open: OpenNode[] = [top];
  let problem: EbmlTree['problem'];
  const fail = (code: 'damaged' | 'limit', what: string): void => {
    problem ??= { code, at: position, what };
  };
  let position = 0;
  let count = 0;
  while (open.length > 0) {
    const parent = open.at(-1) as OpenNode;
    if (position >= parent.end) {
      position = parent.end;
      open.pop();
      continue;
    }
    if (count >= limit) {
      fail('limit', `there are more than ${limit} elements`);
      break;
    }
    count += 1;
    const header = parseElementHeader(bytes, position);
    const dataStart = position + (header?.headerBytes ?? 0);
    const end = dataStart + (header?.sizeBytes ?? Number.POSITIVE_INFINITY);
    if (header === undefined || end > parent.end) {
      // The rest of this parent cannot be followed; its siblings can.
      fail('damaged', header === undefined ? 'no element stands here' : 'an element leads beyond its parent');
      position = parent.end;
      continue;
    }
    const { id, sizeWidth } = header;
    const node = { id, start: position, dataStart, end, sizeWidth, depth: open.length - 1 };
    if (masters.has(id) && open.length <= MAXIMUM_DEPTH) {
      const master: OpenNode = { ...node, children: [] };
      parent.children.push(master);
      open.push(master);
      position = dataStart;
    } else {
      if (masters.has(id)) {
        fail('limit', `elements nest more than ${MAXIMUM_DEPTH} deep`);
      }
      parent.children.push(node);
      position = end;
    }
  }
  return { roots: top.children, problem };
};

/** An element that is new in its parent: before all others (but the CRC-32, which is always the first) or behind them. */
export interface AddedElement {
  readonly bytes: Uint8Array;
  readonly isFirst: boolean;
}

/** The bytes of `node` where some elements in it are something else, and one may be new; sizes, and CRC-32 elements in front of what changed, follow. */
export const rebuiltElement = (
  bytes: Uint8Array,
  { id, sizeWidth, children = [] }: EbmlNode,
  replaced: ReadonlyMap<EbmlNode, Uint8Array>,
  added?: AddedElement,
): Uint8Array => elementBytes(id, rebuiltNodes(bytes, children, replaced, added), sizeWidth);

const rebuiltNodes = (
  bytes: Uint8Array,
  nodes: readonly EbmlNode[],
  replaced: ReadonlyMap<EbmlNode, Uint8Array>,
  added?: AddedElement,
): Uint8Array => {
  const isChecked = nodes[0]?.id === EBML_ID.crc32;
  const kept = (isChecked ? nodes.slice(1) : nodes).map((node) => rebuiltNode(bytes, node, replaced));
  const parts = added === undefined ? kept : added.isFirst ? [added.bytes, ...kept] : [...kept, added.bytes];
  const data = joined(parts);
  if (!isChecked) {
    return data;
  }
  return concat(crcElement(data), data);
};

// Too many for the arguments of one call.
const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
};

const rebuiltNode = (bytes: Uint8Array, node: EbmlNode, replaced: ReadonlyMap<EbmlNode, Uint8Array>): Uint8Array => {
  const other = replaced.get(node);
  if (other !== undefined) {
    return other;
  }
  const { children, start, end } = node;
  if (children === undefined || !children.some((child) => holds(child, replaced))) {
    return bytes.subarray(start, end);
  }
  return rebuiltElement(bytes, node, replaced);
};

const holds = (node: EbmlNode, replaced: ReadonlyMap<EbmlNode, Uint8Array>): boolean =>
  replaced.has(node) || (node.children?.some((child) => holds(child, replaced)) ?? false);
