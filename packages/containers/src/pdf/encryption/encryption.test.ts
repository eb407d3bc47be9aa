import { createHash } from 'node:crypto';
import { ascii } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { md5 } from '../../md5.ts';
import { aesDecrypt, aesDecryptBlocks, aesEncrypt, aesEncryptBlocks } from './aes.ts';
import { rc4 } from './rc4.ts';

const hexadecimal = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('the algorithms of PDF encryption', () => {
  it('md5 is that of node:crypto, whatever the length', () => {
    for (let length = 0; length < 200; length += 1) {
      const data = Uint8Array.from({ length }, (_, index) => (index * 7 + length) & 0xff);
      expect(hexadecimal(md5(data))).toBe(createHash('md5').update(data).digest('hex'));
    }
  });

  it('rc4 gives the vectors of RFC 6229 and of old', () => {
    expect(hexadecimal(rc4(Uint8Array.of(1, 2, 3, 4, 5), new Uint8Array(16)))).toBe('b2396305f03dc027ccc3524a0a1118a8');
    expect(hexadecimal(rc4(ascii('Key'), ascii('Plaintext')))).toBe('bbf316e8d940af0ad3');
  });

  it('aes goes there and back, with and without padding, and tells a wrong key', async () => {
    const [key, iv, blocks] = [new Uint8Array(32).fill(3), new Uint8Array(16).fill(9), new Uint8Array(48).fill(5)];
    expect(await aesDecryptBlocks(key, iv, await aesEncryptBlocks(key, iv, blocks))).toEqual(blocks);
    const secret = await aesEncrypt(key, iv, ascii('words'));
    expect(await aesDecrypt(key, iv, secret)).toEqual(ascii('words'));
    expect(await aesDecrypt(key, iv, secret.subarray(1))).toBeUndefined();
  });
});
