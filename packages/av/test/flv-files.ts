/** FLV for tests: built and taken apart without the code under test. */

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'utf8'));
const be = (value: number, width: number): Uint8Array => {
  const bytes = Buffer.alloc(width);
  bytes.writeUIntBE(value, 0, width);
  return new Uint8Array(bytes);
};

export const START: Uint8Array = joined(text('FLV'), Uint8Array.of(1, 5, 0, 0, 0, 9, 0, 0, 0, 0));
export const flvTag = (type: number, data: Uint8Array, time = 0): Uint8Array =>
  joined(Uint8Array.of(type), be(data.length, 3), be(time, 3), new Uint8Array(4), data, be(11 + data.length, 4));

export const string = (value: string): Uint8Array => joined(Uint8Array.of(2), be(text(value).length, 2), text(value));
export const longString = (value: string): Uint8Array => joined(Uint8Array.of(0x0c), be(text(value).length, 4), text(value));
export const number = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(9);
  bytes.writeDoubleBE(value, 1);
  return new Uint8Array(bytes);
};
export const property = (name: string, value: Uint8Array): Uint8Array => joined(be(name.length, 2), text(name), value);
export const END: Uint8Array = Uint8Array.of(0, 0, 9);
export const object = (...properties: readonly Uint8Array[]): Uint8Array => joined(Uint8Array.of(3), ...properties, END);
export const ecmaArray = (count: number, ...properties: readonly Uint8Array[]): Uint8Array =>
  joined(Uint8Array.of(8), be(count, 4), ...properties, END);
export const list = (...values: readonly Uint8Array[]): Uint8Array => joined(Uint8Array.of(0x0a), be(values.length, 4), ...values);
export const metadata = (...values: readonly Uint8Array[]): Uint8Array => flvTag(18, joined(string('onMetaData'), ...values));
export const frames: Uint8Array = joined(
  flvTag(9, Uint8Array.of(0x12, 1, 2, 3), 0),
  flvTag(8, Uint8Array.of(0x2f, 4, 5), 20),
  flvTag(9, Uint8Array.of(0x12, 6, 7), 1000),
);

/** What must not change: every tag that is no metadata, and of metadata every property but ours; positions as the tags that they lead to, and the size as whether it is right. */
export const contentOf = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes);
  const found: unknown[] = [file.toString('hex', 0, 13)];
  const starts = new Map<number, number>();
  let count = 0;
  for (let at = 13; at + 15 <= file.length; at += 15 + file.readUIntBE(at + 1, 3)) {
    if (file[at] !== 18) {
      starts.set(at, count);
      count += 1;
    }
  }
  for (let at = 13; at + 15 <= file.length; ) {
    const size = file.readUIntBE(at + 1, 3);
    const data = file.subarray(at + 11, at + 11 + size);
    if (file.readUInt32BE(at + 11 + size) !== 11 + size) {
      throw new Error(`the size behind the tag at ${at} is wrong`);
    }
    if (file[at] === 18) {
      const reader: Reader = { data, at: 0, resolve: (position) => starts.get(position) ?? `nothing at ${position}`, size: file.length };
      const values: unknown[] = [];
      while (reader.at < data.length) {
        values.push(decoded(reader, ''));
      }
      const isOurs = (value: unknown): boolean => typeof value === 'object' && value !== null && Object.keys(value).length === 0;
      if (!values.some(isOurs)) {
        found.push([file.toString('hex', at + 4, at + 11), values]);
      }
    } else {
      found.push(file.toString('hex', at, at + 15 + size));
    }
    at += 15 + size;
  }
  return found;
};

interface Reader {
  readonly data: Buffer;
  at: number;
  readonly resolve: (position: number) => unknown;
  readonly size: number;
}

const decoded = (reader: Reader, name: string): unknown => {
  const { data } = reader;
  const type = data[reader.at];
  reader.at += 1;
  const take = (length: number): Buffer => {
    reader.at += length;
    return data.subarray(reader.at - length, reader.at);
  };
  if (type === 0) {
    const value = take(8).readDoubleBE();
    return name === 'filepositions' || name === 'lastkeyframelocation' ? reader.resolve(value) : name === 'filesize' ? value - reader.size : value;
  }
  if (type === 2) {
    return take(take(2).readUInt16BE()).toString();
  }
  if (type === 0x0c) {
    return take(take(4).readUInt32BE()).toString();
  }
  if (type === 0x0a) {
    return Array.from({ length: take(4).readUInt32BE() }, () => decoded(reader, name));
  }
  if (type === 3 || type === 8) {
    take(type === 8 ? 4 : 0);
    const fields: Record<string, unknown> = {};
    while (reader.at < data.length) {
      const key = take(take(2).readUInt16BE()).toString();
      if (key === '') {
        take(1);
        break;
      }
      const value = decoded(reader, key);
      if (!/aigc/i.test(key)) {
        fields[key] = value;
      }
    }
    return fields;
  }
  return take(type === 1 ? 1 : type === 0x0b ? 10 : 0).toString('hex');
};
