import { applySplices, type ByteSource, bytesSource, utf8 } from '@aigc-label/core';
import { zip as build } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { editZip, readZip, readZipMember, type ZipChange } from './index.ts';

const { membersOf, textIn, zipOf } = build;
const members: readonly build.ZipMember[] = [
  { name: 'a.txt', data: 'first', isDeflated: true },
  { name: 'b.txt', data: 'second second second', isDeflated: true, descriptor: 'signed' },
  { name: 'c.txt', data: 'third', descriptor: 'unsigned' },
];

const edited = async (bytes: Uint8Array, changes: Readonly<Record<string, string>>): Promise<Uint8Array> => {
  const source = bytesSource(bytes);
  const zip = await readZip(source);
  const list = Object.entries(changes).map(([name, text]): ZipChange => {
    const entry = zip.entries.find((one) => one.name === name);
    return { data: utf8(text), ...(entry === undefined ? { name } : { entry }) };
  });
  return applySplices(bytes, await editZip(source, zip, list));
};

describe.each([false, true])('archives, with ZIP64: %s', (isZip64) => {
  const bytes = zipOf(members, { comment: 'a comment', isZip64 });

  it('are listed and read', async () => {
    const zip = await readZip(bytesSource(bytes));
    expect(zip.entries.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['a.txt', 5],
      ['b.txt', 20],
      ['c.txt', 5],
    ]);
    for (const [index, text] of ['first', 'second second second', 'third'].entries()) {
      expect(await readZipMember(bytesSource(bytes), zip, zip.entries[index]!, 20)).toEqual(utf8(text));
    }
    await expect(readZipMember(bytesSource(bytes), zip, zip.entries[1]!, 19)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it.each([
    ['a new member', { 'd/e.txt': 'new' }],
    ['a replaced one', { 'b.txt': 'another' }],
    ['all replaced, and two new', { 'a.txt': '', 'b.txt': 'x'.repeat(500), 'c.txt': '3', 'd.txt': '4', 'e.txt': '5' }],
  ])('take %s, and leave every other member byte for byte', async (_, changes: Record<string, string>) => {
    const after = await edited(bytes, changes);
    expect(membersOf(after).map(({ name }) => name)).toEqual([...new Set(['a.txt', 'b.txt', 'c.txt', ...Object.keys(changes)])]);
    for (const [name, text] of Object.entries(changes)) {
      expect(textIn(after, name)).toBe(text);
    }
    const foreign = (all: Uint8Array): unknown => membersOf(all).filter(({ name }) => !(name in changes));
    expect(foreign(after)).toEqual(foreign(bytes));
    const zip = await readZip(bytesSource(after));
    expect([zip.fault, zip.anomalies]).toEqual([undefined, []]);
    expect(after.subarray(-9)).toEqual(utf8('a comment'));
    // There and back.
    const back = Object.fromEntries(Object.keys(changes).map((name) => [name, 'something of another length']));
    expect(await edited(await edited(after, back), changes)).toEqual(after);
  });
});

describe('a member', () => {
  const readFirst = async (bytes: Uint8Array): Promise<Uint8Array> => {
    const zip = await readZip(bytesSource(bytes));
    return readZipMember(bytesSource(bytes), zip, zip.entries[0]!, 100);
  };

  it.each([
    ['whose data was changed', [{ name: 'a', data: 'data' }], { at: 31, to: 0x44 }, 'checksum'],
    ['that is deflated and cut', [{ name: 'a', data: 'data data data', isDeflated: true }], { at: 31, to: 0xff }, 'does not unpack'],
    ['with another name', [{ name: 'a', localName: 'b' }], undefined, 'another name'],
    ['of another size', [{ name: 'a', data: 'data', size: 3 }], undefined, 'contradicts'],
    ['with a descriptor that lies', [{ name: 'a', data: 'data', descriptor: 'lying' }], undefined, 'descriptor'],
    ['that does not stand there', [{ name: 'a', data: 'data' }], { at: 0, to: 0 }, 'does not stand'],
  ] as const)('%s is refused', async (_, list: readonly build.ZipMember[], change, what) => {
    const bytes = zipOf(list);
    if (change !== undefined) {
      bytes[change.at] = change.to;
    }
    await expect(readFirst(bytes)).rejects.toMatchObject({ code: 'FILE_DAMAGED', message: expect.stringContaining(what) });
  });

  it('that is encrypted, or packed otherwise, is not read', async () => {
    await expect(readFirst(zipOf([{ name: 'a', flags: 1 }]))).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });
});

/** An archive whose first member is a hole of this many bytes. */
const withHole = (holeBytes: number, isZip64: boolean): ByteSource & { bytesRead(): number } => {
  const name = 'media.bin';
  const whole = zipOf([{ name, data: '' }, ...members], { isZip64 });
  const start = 30 + name.length;
  const shifted = zipOf(
    [
      { name, compressedSize: holeBytes, size: holeBytes },
      ...members.map((member, index) => ({ ...member, offset: membersAt(whole)[index + 1]! + holeBytes })),
    ],
    { isZip64 },
  );
  const view = new DataView(shifted.buffer);
  if (isZip64) {
    view.setBigUint64(shifted.length - 22 - 20 - 56 + 48, view.getBigUint64(shifted.length - 22 - 20 - 56 + 48, true) + BigInt(holeBytes), true);
    view.setBigUint64(shifted.length - 22 - 12, view.getBigUint64(shifted.length - 22 - 12, true) + BigInt(holeBytes), true);
  } else {
    view.setUint32(shifted.length - 6, view.getUint32(shifted.length - 6, true) + holeBytes, true);
  }
  let total = 0;
  return {
    size: shifted.length + holeBytes,
    read(offset, length) {
      total += length;
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) {
        const at = offset + index;
        bytes[index] = (at < start ? shifted[at] : at < start + holeBytes ? 0 : shifted[at - holeBytes]) ?? 0;
      }
      return bytes;
    },
    bytesRead: () => total,
  };
};

const membersAt = (bytes: Uint8Array): readonly number[] => {
  const buffer = Buffer.from(bytes);
  const starts: number[] = [];
  for (let at = buffer.indexOf('PK\u0003\u0004', 0, 'latin1'); at >= 0; at = buffer.indexOf('PK\u0003\u0004', at + 1, 'latin1')) {
    starts.push(at);
  }
  return starts;
};

describe('large archives', () => {
  it('of 6 GiB are edited with a few KB read, their 64-bit offsets moved', async () => {
    const hole = 6 * 2 ** 30;
    const source = withHole(hole, true);
    const zip = await readZip(source);
    expect(zip.fault).toBeUndefined();
    const entry = zip.entries.find(({ name }) => name === 'a.txt')!;
    expect(entry.start).toBe(hole + 39);
    const splices = await editZip(
      source,
      zip,
      [
        { entry, data: utf8('longer than it was') },
        { name: 'media.txt', data: utf8('x') },
      ].slice(0, 1),
    );
    expect(splices.map(({ at }) => at)[0]).toBe(hole + 39);
    expect(source.bytesRead()).toBeLessThan(100_000);
  });

  it('refuse what would need ZIP64 and has none', async () => {
    const source = withHole(2 ** 32 - 500, false);
    const zip = await readZip(source);
    await expect(editZip(source, zip, [{ name: 'new.txt', data: new Uint8Array(1000) }])).rejects.toMatchObject({ code: 'CARRIER_FULL' });
  });
});
