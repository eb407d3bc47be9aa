// What kill-store.mjs and the processes that it kills have in common.
import { createHash } from 'node:crypto';
import { postgresStore, sqliteStore } from '../dist/index.js';

/** Opens the store of a place. */
export const openStore = (kind, place) => (kind === 'sqlite' ? sqliteStore(place) : postgresStore({ connectionString: place, schema: 'kill_test' }));

/** The record of a work, the same in every process. */
export const recordOf = (id) => ({
  producer: '001191110000MA0000000H10001',
  produceId: id,
  reservedCode: `header.${id}.${'s'.repeat(400)}`,
  keyId: 'key-1',
  algorithm: 'Ed25519',
  signedAtSeconds: 1_795_392_000,
  labelValue: '1',
  contentMethod: 'png-1',
  contentHash: createHash('sha256').update(id).digest('base64url'),
  format: 'png',
  modality: 'image',
  mediaType: 'image/png',
  tool: 'aigc-label 1.0.0',
});
