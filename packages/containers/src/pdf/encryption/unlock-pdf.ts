// ISO 32000-1 §7.6: the standard security handler, for files that open without a password.
import { ascii, concat, LabelError, latin1 } from '@aigc-label/core';
import { md5 } from '../../md5.ts';
import type { PdfFile } from '../open-pdf.ts';
import type { PdfCipher, PdfCodec } from '../pdf-cipher.ts';
import { pdfDictionaryOf } from '../pdf-object.ts';
import { pdfStringBytes } from '../pdf-string.ts';
import { type PdfDictionary, type PdfReference, parsePdfDictionary, pdfArray, pdfInteger, pdfName, pdfValue } from '../pdf-syntax.ts';
import { aesDecrypt, aesEncrypt, sha2 } from './aes.ts';
import { pdfFileKey } from './file-key.ts';
import { rc4 } from './rc4.ts';

type Method = 'None' | 'V2' | 'AESV2' | 'AESV3';

/** Bit 4 of `/P` (table 22): to change the file otherwise than by bits 6, 9 and 11. */
const MAY_CHANGE = 8;

/**
 * The file with the means to read its strings and streams, where it is encrypted; else the file.
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where a password is needed, or the encryption is of no known kind; as `pdfObject` does.
 */
export const unlockPdf = async (file: PdfFile): Promise<PdfFile> => {
  const { trailer } = (file.revisions[0] as PdfFile['revisions'][number]).section;
  const value = pdfValue(trailer, 'Encrypt');
  if (value === undefined || latin1(value) === 'null') {
    return file;
  }
  const dictionary = await pdfDictionaryOf(file, value);
  const [identifier] = pdfArray(pdfValue(trailer, 'ID'), 2) ?? [];
  const cipher = dictionary === undefined ? undefined : await cipherOf(dictionary, bytesOf(identifier));
  if (cipher === undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'This PDF is encrypted with a password, and so is any label in it; save it without encryption first.',
      {
        data: { site: 'pdf/Encrypt' },
      },
    );
  }
  return { ...file, cipher };
};

const bytesOf = (value: Uint8Array | undefined): Uint8Array => (value === undefined ? undefined : pdfStringBytes(value)) ?? new Uint8Array();

const cipherOf = async (dictionary: PdfDictionary, identifier: Uint8Array): Promise<PdfCipher | undefined> => {
  const version = pdfInteger(pdfValue(dictionary, 'V')) ?? 0;
  const revision = pdfInteger(pdfValue(dictionary, 'R')) ?? 0;
  const rights = /^[+-]?\d{1,10}$/.exec(latin1(pdfValue(dictionary, 'P')?.subarray(0, 16) ?? new Uint8Array()))?.[0];
  const [strings, streams] = [methodOf(dictionary, version, 'StrF'), methodOf(dictionary, version, 'StmF')];
  const isKnown = pdfName(pdfValue(dictionary, 'Filter')) === 'Standard' && revision >= 2 && revision <= 6 && rights !== undefined;
  if (!isKnown || strings === undefined || streams === undefined) {
    return undefined;
  }
  const bits = version === 1 ? 40 : version === 4 ? 128 : (pdfInteger(pdfValue(dictionary, 'Length')) ?? 40);
  const encryptsMetadata = latin1(pdfValue(dictionary, 'EncryptMetadata') ?? new Uint8Array()) !== 'false';
  const permissions = Number(rights) | 0;
  const key = await pdfFileKey({
    revision,
    keyBytes: Math.min(16, Math.max(5, bits >> 3)),
    owner: bytesOf(pdfValue(dictionary, 'O')),
    user: bytesOf(pdfValue(dictionary, 'U')),
    userKey: bytesOf(pdfValue(dictionary, 'UE')),
    permissions,
    identifier,
    encryptsMetadata,
  });
  return key === undefined
    ? undefined
    : { strings: codec(key, strings), streams: codec(key, streams), encryptsMetadata, allowsChanges: (permissions & MAY_CHANGE) !== 0 };
};

/** §7.6.5: which crypt filter is for strings, and which for streams. */
const methodOf = (dictionary: PdfDictionary, version: number, use: 'StrF' | 'StmF'): Method | undefined => {
  if (version === 1 || version === 2) {
    return 'V2';
  }
  if (version !== 4 && version !== 5) {
    return undefined;
  }
  const name = pdfName(pdfValue(dictionary, use)) ?? 'Identity';
  const filters = nested(dictionary, 'CF');
  const filter = filters === undefined ? undefined : nested(filters, name);
  const method = name === 'Identity' ? 'None' : filter === undefined ? undefined : pdfName(pdfValue(filter, 'CFM'));
  const known = (['None', 'V2', 'AESV2', 'AESV3'] as const).find((one) => one === method);
  return known === 'None' || (known === 'AESV3') === (version === 5) ? known : undefined;
};

const nested = (dictionary: PdfDictionary, key: string): PdfDictionary | undefined => {
  const entry = dictionary.entries.find((one) => one.key === key);
  return entry === undefined ? undefined : parsePdfDictionary(dictionary.bytes, entry.valueStart);
};

const IV_BYTES = 16;

const codec = (fileKey: Uint8Array, method: Method): PdfCodec => {
  if (method === 'None') {
    return { decrypt: async (_, data) => data, encrypt: async (_, data) => data };
  }
  const keyOf = (reference: PdfReference): Uint8Array => (method === 'AESV3' ? fileKey : objectKey(fileKey, reference, method));
  if (method === 'V2') {
    return { decrypt: async (reference, data) => rc4(keyOf(reference), data), encrypt: async (reference, data) => rc4(keyOf(reference), data) };
  }
  return {
    decrypt: (reference, data) => aesDecrypt(keyOf(reference), data.subarray(0, IV_BYTES), data.subarray(IV_BYTES)),
    async encrypt(reference, data) {
      const key = keyOf(reference);
      // A digest of key and text instead of chance, so that the same label gives the same bytes; it repeats for the same text in the same object only.
      const place = ascii(`${reference.number} ${reference.generation} `);
      const iv = (await sha2(256, concat(key, place, data))).subarray(0, IV_BYTES);
      return concat(iv, await aesEncrypt(key, iv, data));
    },
  };
};

/** Algorithm 1. */
const objectKey = (fileKey: Uint8Array, { number, generation }: PdfReference, method: Method): Uint8Array => {
  const salt = Uint8Array.of(number, number >> 8, number >> 16, generation, generation >> 8);
  return md5(concat(fileKey, salt, method === 'AESV2' ? ascii('sAlT') : new Uint8Array())).subarray(0, Math.min(16, fileKey.length + 5));
};
