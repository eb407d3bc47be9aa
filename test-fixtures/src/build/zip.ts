import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** A member of an archive, with the lies that are to be told about it. */
export interface ZipMember {
  readonly name: string;
  readonly data?: string | Uint8Array;
  readonly isDeflated?: boolean;
  /** Whether sizes and checksum follow the data: with or without the signature that is optional. */
  readonly descriptor?: 'signed' | 'unsigned' | 'lying';
  readonly flags?: number;
  readonly localExtra?: Uint8Array;
  readonly centralExtra?: Uint8Array;
  /** What the directory says instead of the truth. */
  readonly size?: number;
  readonly compressedSize?: number;
  readonly crc?: number;
  readonly offset?: number;
  /** What the local header says instead. */
  readonly localName?: string;
  /** Mode of Unix, for symbolic links. */
  readonly mode?: number;
}

/** What surrounds the members. */
export interface ZipOptions {
  readonly comment?: string;
  readonly isZip64?: boolean;
  readonly count?: number;
  readonly disk?: number;
}

const number = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let index = 0, rest = value; index < size; index += 1, rest = Math.floor(rest / 256)) {
    bytes[index] = rest % 256;
  }
  return bytes;
};
const u16 = (value: number): Buffer => number(value, 2);
const u32 = (value: number): Buffer => number(value, 4);
const u64 = (value: number): Buffer => number(value, 8);

/** The local header of a member with its data and descriptor. */
const localOf = (member: ZipMember): { readonly local: Buffer; readonly packed: Buffer; readonly rawBytes: number; readonly checksum: number } => {
  const { name, data = '', isDeflated = false, descriptor, flags = 0, localExtra = new Uint8Array(), localName = name } = member;
  const raw = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const checksum = crc32(raw);
  const packed = isDeflated ? deflateRawSync(raw) : raw;
  const sizes = [u32(checksum), u32(packed.length), u32(raw.length)];
  const stated = descriptor === undefined ? sizes : [u32(0), u32(0), u32(0)];
  const tail =
    descriptor === undefined
      ? []
      : [...(descriptor === 'unsigned' ? [] : [u32(0x08074b50)]), ...(descriptor === 'lying' ? [sizes[0] as Buffer, u32(1), u32(2)] : sizes)];
  const local = Buffer.concat([
    u32(0x04034b50),
    u16(20),
    u16(flags | (descriptor === undefined ? 0 : 8)),
    u16(isDeflated ? 8 : 0),
    u16(0x6000),
    u16(0x5a21),
    ...stated,
    u16(Buffer.byteLength(localName)),
    u16(localExtra.length),
    Buffer.from(localName),
    localExtra,
    packed,
    ...tail,
  ]);
  return { local, packed, rawBytes: raw.length, checksum };
};

/** An archive, byte by byte, without help from the code that is tested. */
export const zipOf = (
  members: readonly ZipMember[],
  { comment = '', isZip64 = false, count = members.length, disk = 0 }: ZipOptions = {},
): Uint8Array => {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let position = 0;
  for (const member of members) {
    const { local, packed, rawBytes, checksum } = localOf(member);
    const { name, isDeflated = false, descriptor, flags = 0, centralExtra = new Uint8Array(), mode } = member;
    records.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20 + (mode === undefined ? 0 : 0x300)),
        u16(20),
        u16(flags | (descriptor === undefined ? 0 : 8)),
        u16(isDeflated ? 8 : 0),
        u16(0x6000),
        u16(0x5a21),
        u32(member.crc ?? checksum),
        u32(member.compressedSize ?? packed.length),
        u32(member.size ?? rawBytes),
        u16(Buffer.byteLength(name)),
        u16(centralExtra.length + (isZip64 ? 12 : 0)),
        u16(0),
        u16(0),
        u16(0),
        u32((mode ?? 0) * 0x10000),
        u32(isZip64 ? 0xffffffff : (member.offset ?? position)),
        Buffer.from(name),
        ...(isZip64 ? [u16(1), u16(8), u64(member.offset ?? position)] : []),
        centralExtra,
      ]),
    );
    locals.push(local);
    position += local.length;
  }
  const directory = Buffer.concat(records);
  const wide = isZip64
    ? [
        ...[u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count), u64(directory.length), u64(position)],
        ...[u32(0x07064b50), u32(0), u64(position + directory.length), u32(1)],
      ]
    : [];
  const short = isZip64
    ? [u16(0), u16(0), u16(0xffff), u16(0xffff), u32(0xffffffff), u32(0xffffffff)]
    : [u16(disk), u16(disk), u16(count), u16(count), u32(directory.length), u32(position)];
  return new Uint8Array(Buffer.concat([...locals, directory, ...wide, u32(0x06054b50), ...short, u16(comment.length), Buffer.from(comment)]));
};

/** A member as it stands in an archive that is not damaged. */
export interface FoundMember {
  readonly name: string;
  /** Header, data and descriptor, to where the next one begins. */
  readonly local: string;
  /** Its record without the offset. */
  readonly record: string;
  readonly text: string;
}

/** Every member, by a walk of the directory that is not the reader's own. */
export const membersOf = (bytes: Uint8Array): readonly FoundMember[] => {
  const buffer = Buffer.from(bytes);
  const end = buffer.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const isWide = buffer.readUInt32LE(end + 16) === 0xffffffff;
  const wide = isWide ? Number(buffer.readBigUInt64LE(end - 12)) : 0;
  const directory = isWide ? Number(buffer.readBigUInt64LE(wide + 48)) : buffer.readUInt32LE(end + 16);
  const count = isWide ? Number(buffer.readBigUInt64LE(wide + 32)) : buffer.readUInt16LE(end + 10);
  const found: { at: number; start: number; size: number }[] = [];
  for (let at = directory, index = 0; index < count; index += 1) {
    const size = 46 + buffer.readUInt16LE(at + 28) + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
    const offset = buffer.readUInt32LE(at + 42);
    const start = offset === 0xffffffff ? Number(buffer.readBigUInt64LE(at + 46 + buffer.readUInt16LE(at + 28) + 4)) : offset;
    found.push({ at, start, size });
    at += size;
  }
  const starts = [...found.map(({ start }) => start), directory].sort((a, b) => a - b);
  return found.map(({ at, start, size }) => {
    const end = starts.find((one) => one > start) ?? directory;
    const local = buffer.subarray(start, end);
    const dataAt = 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    const data = local.subarray(dataAt, dataAt + buffer.readUInt32LE(at + 20));
    const text = (local.readUInt16LE(8) === 8 ? inflateRawSync(data) : data).toString('utf8');
    const record = Buffer.from(buffer.subarray(at, at + size));
    record.fill(0, 42, 46);
    return {
      name: record.toString('utf8', 46, 46 + record.readUInt16LE(28)),
      local: local.toString('latin1'),
      // The 64-bit offset, where there is one, is not part of what must stay.
      record: isWide ? record.toString('latin1', 0, 46) : record.toString('latin1'),
      text,
    };
  });
};

/** The text of a member, or `undefined`. */
export const textIn = (bytes: Uint8Array, name: string): string | undefined => membersOf(bytes).find((member) => member.name === name)?.text;
