// MPEG transport streams: ISO/IEC 13818-1 §2.4.3 (packets, PES), §2.4.4 (PAT, PMT); BDAV's 192 bytes: a clock of four bytes before each packet.
import { latin1, startsWith } from '@aigc-label/core';

const SYNC = 0x47;
const PACKET_BYTES = 188;

/** How packets follow one another; offsets in bytes. */
export interface PacketGrid {
  /** Where the first packet begins. */
  readonly start: number;
  /** From packet to packet: 188, 192 with a clock in front, 204 with a checksum behind. */
  readonly stride: 188 | 192 | 204;
}

const GRIDS: readonly PacketGrid[] = [
  { start: 0, stride: 188 },
  { start: 4, stride: 192 },
  { start: 0, stride: 204 },
];

/** Packets that must stand in a row; chance makes five sync bytes once in a million million. */
const MINIMUM_PACKETS = 5;

/** Kinds of file whose fifth byte, or first one, could be a sync byte. */
const OTHERS = /^(?:GIF8|RI|RF64|BW64|ID3|II[*+U]|MM|PK|BM|FORM|FLV|\x1aE|fLaC|OggS|MThd|%|\{|<|[\xff][\xe0-\xff])/;

/** The packets of a file that begins so: sync bytes at equal distances, and among them a table of programs; `undefined` where there are none. */
export const packetGridOf = (head: Uint8Array): PacketGrid | undefined =>
  OTHERS.test(latin1(head.subarray(0, 4)))
    ? undefined
    : GRIDS.find((grid) => {
        const packets = packetsOf(head, grid);
        const last = grid.start + packets.length * grid.stride;
        const isGridded = packets.length >= MINIMUM_PACKETS && (last >= head.length || head.length < last + PACKET_BYTES);
        return isGridded && packets.some(({ pid, payload, isStart }) => pid === 0 && isStart && payload[1 + (payload[0] ?? 0)] === 0);
      });

/** One packet: which stream it belongs to, and what it carries. */
export interface Packet {
  readonly pid: number;
  /** Whether a section or a PES packet begins in it. */
  readonly isStart: boolean;
  readonly payload: Uint8Array;
}

/** Whole packets in a row, up to the first that has no sync byte. */
export const packetsOf = (bytes: Uint8Array, { start, stride }: PacketGrid): readonly Packet[] => {
  const packets: Packet[] = [];
  for (let at = start; at + PACKET_BYTES <= bytes.length && bytes[at] === SYNC; at += stride) {
    const control = bytes[at + 3] ?? 0;
    const adaptation = (control & 0x20) === 0 ? 0 : 1 + (bytes[at + 4] ?? 0);
    const hasPayload = (control & 0x10) !== 0 && adaptation < PACKET_BYTES - 4;
    packets.push({
      pid: (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0),
      isStart: ((bytes[at + 1] ?? 0) & 0x40) !== 0,
      payload: hasPayload ? bytes.subarray(at + 4 + adaptation, at + PACKET_BYTES) : new Uint8Array(0),
    });
  }
  return packets;
};

/** Streams of timed metadata: `metadata in PES packets`, which HLS fills with ID3. */
const TIMED_METADATA = 0x15;

/** The streams of timed metadata of all programs whose tables fit one packet each, as those of files do. */
export const metadataPids = (packets: readonly Packet[]): ReadonlySet<number> => {
  const maps = new Set<number>();
  const found = new Set<number>();
  for (const { pid, isStart, payload } of packets) {
    if (!isStart || (pid !== 0 && !maps.has(pid))) {
      continue;
    }
    const section = payload.subarray(1 + (payload[0] ?? 0));
    const end = Math.min(section.length, 3 + u12(section, 1)) - 4; // a checksum ends it
    if (pid === 0 && section[0] === 0) {
      for (let at = 8; at + 4 <= end; at += 4) {
        maps.add(u13(section, at + 2));
      }
    } else if (section[0] === 2) {
      for (let at = 12 + u12(section, 10); at + 5 <= end; at += 5 + u12(section, at + 3)) {
        if (section[at] === TIMED_METADATA) {
          found.add(u13(section, at + 1));
        }
      }
    }
  }
  return found;
};

/** What the PES packets of a stream carry, each up to `maximumBytes`, in order. */
export const pesPayloads = function* (packets: readonly Packet[], wanted: number, maximumBytes: number): Generator<Uint8Array> {
  let parts: Uint8Array[] | undefined;
  let length = 0;
  for (const { pid, isStart, payload } of packets) {
    if (pid !== wanted) {
      continue;
    }
    if (isStart) {
      if (parts !== undefined) {
        yield joined(parts, length);
      }
      const isPes = startsWith(payload, Uint8Array.of(0, 0, 1)) && payload.length >= 9;
      parts = isPes ? [] : undefined;
      length = 0;
      append(payload.subarray(9 + (payload[8] ?? 0)));
    } else {
      append(payload);
    }
  }
  if (parts !== undefined) {
    yield joined(parts, length);
  }

  function append(part: Uint8Array): void {
    if (parts !== undefined && length + part.length <= maximumBytes) {
      parts.push(part);
      length += part.length;
    }
  }
};

const joined = (parts: readonly Uint8Array[], length: number): Uint8Array => {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

const u12 = (bytes: Uint8Array, at: number): number => (((bytes[at] ?? 0) & 0x0f) << 8) | (bytes[at + 1] ?? 0);
const u13 = (bytes: Uint8Array, at: number): number => (((bytes[at] ?? 0) & 0x1f) << 8) | (bytes[at + 1] ?? 0);
