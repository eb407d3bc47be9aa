import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../bytes/binary.ts';
import { pureHashing as hashing } from '../pure-hashing.ts';
import { encodeBase64 } from './base64.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { type LogKey, logKey, readLogKey, writeLogKey } from './log-key.ts';
import { readNote, verifyNote, writeNote } from './signed-note.ts';

// The note and key of the tests of golang.org/x/mod/sumdb/note (read 2026-11-24).
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
const peter = readLogKey(VKEY, hashing) as LogKey;

const keyPair = (byte: number) => {
  const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, byte)]);
  const privateKey = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { publicKey: Uint8Array.from(Buffer.from(x, 'base64url')), sign: (text: string) => Uint8Array.from(sign(null, utf8(text), privateKey)) };
};

describe('a signed note', () => {
  it('of Go is verified with its key, and written just so', async () => {
    expect(await verifyNote(NOTE, [peter])).toEqual({ isSigned: true, text: TEXT, witnesses: [] });
    expect(writeLogKey(peter)).toBe(VKEY);
    const signature = readNote(NOTE)?.signatures[0]?.bytes as Uint8Array;
    expect(writeNote(TEXT, peter, signature)).toBe(NOTE);
  });

  it('is believed by nobody when a single byte is another one', async () => {
    const bytes = utf8(NOTE);
    const believed: number[] = [];
    for (const bit of [0x01, 0x80]) {
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = bytes.slice();
        changed[at] = (changed[at] as number) ^ bit;
        // Two thirds of these are not even text.
        const verdict = await verifyNote(new TextDecoder().decode(changed), [peter]);
        if (verdict.isSigned) {
          believed.push(at);
        }
      }
    }
    expect(believed).toEqual([]);
  });

  it('with signatures of strangers is verified all the same; with a wrong one of a known key it is not', async () => {
    const stranger = `\u2014 stranger.example ${encodeBase64(new Uint8Array(9))}\n`;
    expect(await verifyNote(NOTE + stranger, [peter])).toMatchObject({ isSigned: true });
    const second = keyPair(3);
    const key = logKey('second.example', second.publicKey, hashing);
    const wrong = `\u2014 second.example ${encodeBase64(Uint8Array.from([...key.id, ...second.sign('something else\n')]))}\n`;
    expect(await verifyNote(NOTE + wrong, [peter, key])).toEqual({ isSigned: false, reason: 'the signature of second.example does not hold' });
    expect(await verifyNote(NOTE + wrong, [peter])).toMatchObject({ isSigned: true });
    expect(await verifyNote(NOTE, [])).toMatchObject({ isSigned: false });
    expect(await verifyNote(NOTE, [key])).toMatchObject({ isSigned: false });
    // Go's limit as well.
    expect(await verifyNote(NOTE + stranger.repeat(99), [peter])).toMatchObject({ isSigned: true });
    expect(await verifyNote(NOTE + stranger.repeat(100), [peter])).toMatchObject({ isSigned: false });
  });

  it.each([
    '',
    '\n',
    '\n\n',
    TEXT,
    `${TEXT}\n`,
    NOTE.slice(0, -1),
    NOTE.replace('\n\n', '\n'),
    NOTE.replaceAll('\n', '\r\n'),
    NOTE.replace('\u2014 ', '- '),
    NOTE.replace('\u2014 ', '\u2014  '),
    NOTE.replace('PeterNeumann x0', 'Peter Neumann x0'),
    `\ud800${NOTE}`,
    `${'x'.repeat(200_000)}${NOTE}`,
  ])('that is none is none (%#)', async (note) => {
    expect(await verifyNote(note, [peter])).toEqual({ isSigned: false, reason: 'it is not a signed note' });
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\nb', 'a\u0001', '\ud800', 'x'.repeat(600)])('no key is called %j', (name) => {
    expect(() => logKey(name, peter.publicKey, hashing)).toThrow(TypeError);
  });

  it.each([
    '',
    'PeterNeumann',
    VKEY.replace('c74f20a3', 'c74f20a4'),
    VKEY.replace('c74f20a3', 'C74F20A3'),
    VKEY.replace('+AR', '+BR'),
    `${VKEY}AAAA`,
    VKEY.replace('PeterNeumann', 'Peter Neumann'),
    VKEY.replace('PeterNeumann', ''),
  ])('a line that is no key is none (%#)', (line) => {
    expect(readLogKey(line, hashing)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  const log = keyPair(1);
  const witness = keyPair(2);
  const key = logKey('example.com/log', log.publicKey, hashing);
  const witnessKey = logKey('witness.example', witness.publicKey, hashing, 'witness');
  const body = `example.com/log\n7\n${encodeBase64(new Uint8Array(32))}\n`;
  const sealed = (atSeconds: number): string => {
    const time = new Uint8Array(8);
    new DataView(time.buffer).setBigUint64(0, BigInt(atSeconds));
    const signature = witness.sign(`cosignature/v1\ntime ${atSeconds}\n${body}`);
    return `\u2014 witness.example ${encodeBase64(Uint8Array.from([...witnessKey.id, ...time, ...signature]))}\n`;
  };

  it('is what the log has signed, and witnesses say when they saw it (c2sp.org/tlog-cosignature)', async () => {
    const note = writeNote(body, key, log.sign(body)) + sealed(1_800_000_000);
    expect(await verifyCheckpoint(note, [key, witnessKey])).toEqual({
      isSigned: true,
      head: { origin: 'example.com/log', size: 7, root: new Uint8Array(32) },
      witnesses: [{ name: 'witness.example', atSeconds: 1_800_000_000 }],
    });
    expect(await verifyCheckpoint(note, [key])).toMatchObject({ isSigned: true, witnesses: [] });
  });

  it('is nothing that a witness alone has signed, or the key of another log', async () => {
    expect(await verifyCheckpoint(`${body}\n${sealed(1_800_000_000)}`, [key, witnessKey])).toMatchObject({ isSigned: false });
    const other = logKey('example.com/other', log.publicKey, hashing);
    expect(await verifyCheckpoint(writeNote(body, other, log.sign(body)), [key, other])).toMatchObject({ isSigned: false });
  });

  it('of whose witness the time is another one is not believed', async () => {
    const lines = sealed(1_800_000_000).replace(/ ([A-Za-z0-9+/=]+)\n$/, (_, data: string) => {
      const bytes = Uint8Array.from(Buffer.from(data, 'base64'));
      bytes[11] = (bytes[11] as number) ^ 1;
      return ` ${encodeBase64(bytes)}\n`;
    });
    expect(await verifyCheckpoint(writeNote(body, key, log.sign(body)) + lines, [key, witnessKey])).toMatchObject({ isSigned: false });
  });

  it.each([
    ['example.com/log\n7\n'],
    [`example.com/log\n07\n${encodeBase64(new Uint8Array(32))}\n`],
    [`example.com/log\n-1\n${encodeBase64(new Uint8Array(32))}\n`],
    [`example.com/log\n9007199254740992\n${encodeBase64(new Uint8Array(32))}\n`],
    [`example.com/log\n7\n${encodeBase64(new Uint8Array(31))}\n`],
    [`example.com/log\n7\n${encodeBase64(new Uint8Array(32)).replace('A=', 'B=')}\n`],
    [`example.com/log\n7\n${encodeBase64(new Uint8Array(32))}\n\nmore\n`],
  ])('that a key has signed although it is none is none (%#)', async (text) => {
    expect(await verifyCheckpoint(writeNote(text, key, log.sign(text)), [key])).toEqual({ isSigned: false, reason: 'the note is not a checkpoint' });
  });
});
