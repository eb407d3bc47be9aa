import { crc32 } from 'node:zlib';

/** Matroska for tests: built and taken apart without the code under test, by recursion over the whole file in memory. */

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
export const hex = (digits: string): Uint8Array => new Uint8Array(Buffer.from(digits, 'hex'));
export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'utf8'));
export const uint = (value: number, width = 1): Uint8Array => hex(value.toString(16).padStart(2 * width, '0'));

/** A size field; without a width as short as it can be, and never the reserved one. */
export const size = (value: number, width?: number): Uint8Array => {
  const chosen = width ?? [1, 2, 3, 4, 5, 6, 7, 8].find((one) => value < 2 ** (7 * one) - 1) ?? 8;
  return hex((BigInt(value) | (1n << BigInt(7 * chosen))).toString(16).padStart(2 * chosen, '0'));
};
export const UNKNOWN: Uint8Array = hex('01ffffffffffffff');

export const ID = {
  ebml: '1a45dfa3',
  segment: '18538067',
  seekHead: '114d9b74',
  info: '1549a966',
  tracks: '1654ae6b',
  cluster: '1f43b675',
  cues: '1c53bb6b',
  tags: '1254c367',
  tag: '7373',
  targets: '63c0',
  simpleTag: '67c8',
  void: 'ec',
  crc: 'bf',
} as const;

export const el = (id: string, ...content: readonly Uint8Array[]): Uint8Array => joined(hex(id), size(joined(...content).length), joined(...content));
/** The same with a size field of so many bytes. */
export const wide = (id: string, width: number, ...content: readonly Uint8Array[]): Uint8Array =>
  joined(hex(id), size(joined(...content).length, width), joined(...content));
export const open = (id: string, ...content: readonly Uint8Array[]): Uint8Array => joined(hex(id), UNKNOWN, joined(...content));
/** With a CRC-32 in front. */
export const checked = (id: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(joined(...content)));
  return el(id, el(ID.crc, sum), ...content);
};
export const padding = (total: number): Uint8Array => wide(ID.void, 2, new Uint8Array(total - 3));

export const header = (docType = 'matroska', ...more: readonly Uint8Array[]): Uint8Array =>
  el(ID.ebml, el('4286', uint(1)), el('4282', text(docType)), el('4287', uint(4)), el('4285', uint(2)), ...more);
export const simple = (name: string, value: string, ...more: readonly Uint8Array[]): Uint8Array =>
  el(ID.simpleTag, el('45a3', text(name)), el('4487', text(value)), ...more);
export const tag = (...content: readonly Uint8Array[]): Uint8Array => el(ID.tag, el(ID.targets), ...content);
export const trackTag = (uid: number, ...content: readonly Uint8Array[]): Uint8Array => el(ID.tag, el(ID.targets, el('63c5', uint(uid))), ...content);
export const tags = (...content: readonly Uint8Array[]): Uint8Array => el(ID.tags, ...content);
export const info: Uint8Array = el(ID.info, el('2ad7b1', uint(1_000_000, 3)), el('7ba9', text('A title')));
export const tracks: Uint8Array = el(ID.tracks, el('ae', el('d7', uint(1)), el('73c5', uint(7)), el('83', uint(17)), el('86', text('S_TEXT/UTF8'))));
export const cluster = (time: number, ...more: readonly Uint8Array[]): Uint8Array =>
  el(ID.cluster, el('e7', uint(time, 2)), ...more, el('a3', hex('81000080'), text(`frame of ${time}`)));

/** What a test makes a Segment of: a SeekHead and Cues that lead where they should, positions in `width` bytes. */
export interface Parts {
  /** Between SeekHead and Clusters. */
  readonly front: readonly Uint8Array[];
  readonly clusters: readonly Uint8Array[];
  readonly behind?: readonly Uint8Array[];
  readonly width?: number;
  readonly isChecked?: boolean;
  /** Cues stand in front of the Clusters. */
  readonly cuesFirst?: true;
  readonly noSeekHead?: true;
}

const times = (clusters: readonly Uint8Array[]): readonly number[] => clusters.map((_, index) => index * 1000);

/** The data of a Segment. */
export const segmentData = ({ front, clusters, behind = [], width = 4, isChecked = false, cuesFirst, noSeekHead }: Parts): Uint8Array => {
  const master = isChecked ? checked : el;
  const seek = (id: string, at: number): Uint8Array => el('4dbb', el('53ab', hex(id)), el('53ac', uint(at, width)));
  const cuesAt = (starts: readonly number[]): Uint8Array =>
    master(
      ID.cues,
      ...starts.map((at, index) =>
        el(
          'bb',
          el('b3', uint(times(clusters)[index] ?? 0, 2)),
          el('b7', el('f7', uint(1)), el('f1', uint(at, width)), el('f0', uint(4)), el('ea', uint(0))),
        ),
      ),
    );
  const layOut = (positions: ReadonlyMap<string, number>, starts: readonly number[]): readonly Uint8Array[] => {
    const seekHead = master(ID.seekHead, ...[...positions].map(([id, at]) => seek(id, at)));
    const cues = cuesAt(starts);
    return [...(noSeekHead ? [] : [seekHead]), ...front, ...(cuesFirst ? [cues] : []), ...clusters, ...(cuesFirst ? [] : [cues]), ...behind];
  };
  const idOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(0, 4)).toString('hex');
  const wanted: readonly string[] = [ID.info, ID.tracks, ID.cues, ID.tags];
  const blank = layOut(
    new Map(
      [...front, ...behind, cuesAt([])]
        .map(idOf)
        .filter((id) => wanted.includes(id))
        .map((id) => [id, 0]),
    ),
    clusters.map(() => 0),
  );
  const found = new Map<string, number>();
  const starts: number[] = [];
  let at = 0;
  for (const part of blank) {
    const id = idOf(part);
    if (id === ID.cluster) {
      starts.push(at);
    } else if (wanted.includes(id) && !found.has(id)) {
      found.set(id, at);
    }
    at += part.length;
  }
  return joined(...layOut(found, starts));
};

/** Elements taken apart: `[id, data or children]`. */
interface Piece {
  readonly id: string;
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

const pieces = (bytes: Uint8Array, from: number, to: number): readonly Piece[] => {
  const found: Piece[] = [];
  for (let at = from; at < to; ) {
    const idLength = Math.clz32(bytes[at] ?? 0) - 23;
    const sizeLength = Math.clz32(bytes[at + idLength] ?? 0) - 23;
    if (idLength > 4 || sizeLength > 8) {
      break;
    }
    const start = at + idLength + sizeLength;
    const digits = Buffer.from(bytes.subarray(at + idLength, start)).toString('hex');
    const length = Number(BigInt(`0x${digits}`) - (1n << BigInt(7 * sizeLength)));
    const isOpen = length === 2 ** (7 * sizeLength) - 1;
    const id = Buffer.from(bytes.subarray(at, at + idLength)).toString('hex');
    const end = isOpen ? (id === ID.cluster ? endOfCluster(bytes, start, to) : to) : Math.min(to, start + length);
    found.push({ id, at, start, end });
    at = end;
  }
  return found;
};

/** A Cluster of unknown size ends before the next element with an ID of four bytes. */
const endOfCluster = (bytes: Uint8Array, from: number, to: number): number => pieces(bytes, from, to).find(({ id }) => id.length === 8)?.at ?? to;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const number = (bytes: Uint8Array, { start, end }: Piece): number => Number(`0x${Buffer.from(bytes.subarray(start, end)).toString('hex') || '0'}`);

/**
 * What must not change in a file: every element but SeekHead, Cues, Void and our tags byte for byte (Clusters less their own position, which must be right),
 * what the SeekHead and the Cues lead to, and foreign tags. Checksums must be right.
 */
export const contentOf = (bytes: Uint8Array): unknown =>
  pieces(bytes, 0, bytes.length).map((top) => (top.id === ID.segment ? segmentContent(bytes, top) : base64(bytes.subarray(top.at, top.end))));

const segmentContent = (bytes: Uint8Array, segment: Piece): unknown => {
  const elements = pieces(bytes, segment.start, segment.end);
  const target = (position: number): string => {
    const there = elements.find(({ at }) => at === segment.start + position);
    if (there === undefined) {
      throw new Error(`nothing begins at position ${position}`);
    }
    const time = there.id === ID.cluster ? number(bytes, pieces(bytes, there.start, there.end).find(({ id }) => id === 'e7') as Piece) : '';
    return `${there.id} ${time}`;
  };
  return elements.flatMap((element): unknown => {
    const { id, at, start, end } = element;
    const children = [ID.seekHead, ID.cues, ID.cluster, ID.tags].includes(id as typeof ID.tags) ? pieces(bytes, start, end) : [];
    const [first] = children;
    if (first?.id === ID.crc && Buffer.from(bytes.subarray(first.start, first.end)).readUInt32LE() !== crc32(bytes.subarray(first.end, end))) {
      throw new Error(`the checksum of ${id} is wrong`);
    }
    if (id === ID.void) {
      return [];
    }
    if (id === ID.seekHead) {
      const entries = children.filter((child) => child.id === '4dbb').map((seek) => pieces(bytes, seek.start, seek.end)[1] as Piece);
      return [[id, ...entries.map((position) => target(number(bytes, position))).filter((one) => !one.startsWith(ID.tags))]];
    }
    if (id === ID.cues) {
      const all = children.filter((child) => child.id === 'bb').map((point) => pieces(bytes, point.start, point.end));
      return [
        [
          id,
          ...all.map((point) => {
            const tracked = pieces(bytes, (point[1] as Piece).start, (point[1] as Piece).end);
            return [number(bytes, point[0] as Piece), target(number(bytes, tracked.find((one) => one.id === 'f1') as Piece))];
          }),
        ],
      ];
    }
    if (id === ID.tags) {
      const foreign = foreignTags(bytes, children);
      return foreign.length === 0 ? [] : [[id, ...foreign]];
    }
    if (id === ID.cluster) {
      const position = children.find((child) => child.id === 'a7');
      if (position !== undefined && number(bytes, position) !== 0 && number(bytes, position) !== at - segment.start) {
        throw new Error(`the cluster at ${at} says that it is at ${number(bytes, position)}`);
      }
      return [[id, ...children.filter((child) => child !== position).map((child) => base64(bytes.subarray(child.at, child.end)))]];
    }
    return [base64(bytes.subarray(at, end))];
  });
};

const foreignTags = (bytes: Uint8Array, children: readonly Piece[]): readonly unknown[] =>
  children.flatMap((child): readonly unknown[] => {
    if (child.id !== ID.tag) {
      return child.id === ID.void || child.id === ID.crc ? [] : [base64(bytes.subarray(child.at, child.end))];
    }
    const kept = pieces(bytes, child.start, child.end).filter(
      (one) => one.id !== ID.void && one.id !== ID.targets && !/aigc/i.test(Buffer.from(bytes.subarray(one.at, one.end)).toString('latin1')),
    );
    return kept.length === 0 ? [] : [kept.map((one) => base64(bytes.subarray(one.at, one.end)))];
  });
