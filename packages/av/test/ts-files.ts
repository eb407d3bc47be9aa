// Builders of small transport streams.
import { bytesOf } from './mp3-files.ts';

const PMT_PID = 0x100;
const ID3_PID = 0x102;

/** A packet of 188 bytes whose payload is filled up by an adaptation field. */
export const tsPacket = (pid: number, isStart: boolean, payload: Uint8Array): Uint8Array => {
  const room = 184 - payload.length;
  const adaptation = room === 0 ? [] : room === 1 ? [0] : [room - 1, 0, ...new Array<number>(room - 2).fill(0xff)];
  return bytesOf([0x47, (isStart ? 0x40 : 0) | (pid >> 8), pid & 255, room === 0 ? 0x10 : 0x30], adaptation, payload);
};

const section = (table: number, id: number, content: readonly number[]): Uint8Array =>
  bytesOf([0, table, 0xb0, content.length + 9, id >> 8, id & 255, 0xc1, 0, 0], content, [1, 2, 3, 4]);

const tables: Uint8Array = bytesOf(
  tsPacket(0, true, section(0, 1, [0, 1, 0xe0 | (PMT_PID >> 8), PMT_PID & 255])),
  tsPacket(PMT_PID, true, section(2, 1, [0xe1, 0x01, 0xf0, 0, 0x02, 0xe1, 0x01, 0xf0, 0, 0x15, 0xe0 | (ID3_PID >> 8), ID3_PID & 255, 0xf0, 0])),
);
const filler: Uint8Array = tsPacket(0x1fff, false, new Uint8Array(184));

/** A stream whose timed metadata holds these tags, each in a PES packet of its own. */
export const tsWithTags = (...tags: readonly Uint8Array[]): Uint8Array =>
  bytesOf(
    tables,
    ...tags.flatMap((tag) => {
      const pes = bytesOf([0, 0, 1, 0xbd, (tag.length + 3) >> 8, (tag.length + 3) & 255, 0x84, 0, 0], tag);
      return Array.from({ length: Math.ceil(pes.length / 184) }, (_, index) =>
        tsPacket(ID3_PID, index === 0, pes.subarray(index * 184, index * 184 + 184)),
      );
    }),
    filler,
    filler,
    filler,
  );

/** The same packets, each with bytes before and behind it. */
export const spread = (bytes: Uint8Array, before: Uint8Array, behind: Uint8Array): Uint8Array =>
  bytesOf(...Array.from({ length: bytes.length / 188 }, (_, index) => bytesOf(before, bytes.subarray(index * 188, index * 188 + 188), behind)));
