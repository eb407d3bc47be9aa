import { createHash } from 'node:crypto';
import type { NewRecord } from '@aigc-label/core';

/** A digest for a test: that of a text. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** A record to prepare: work `name`, content `content`. */
export const sampleRecord = (name: string, content = name, changes: Partial<NewRecord> = {}): NewRecord => ({
  producer: '001191110000MA0000000H10001',
  produceId: `id-${name}`,
  reservedCode: `header.${hashOf(`signed ${content}`)}.signature`,
  keyId: 'key-1',
  algorithm: 'Ed25519',
  signedAtSeconds: 1_795_392_000,
  labelValue: '1',
  contentMethod: 'png-1',
  contentHash: hashOf(content),
  format: 'png',
  modality: 'image',
  mediaType: 'image/png',
  model: 'painter 3',
  tool: 'aigc-label 1.0.0',
  ...changes,
});
