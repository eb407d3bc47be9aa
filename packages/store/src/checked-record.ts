import type { NewRecord, PropagationRecord, RecipientRecord, RecordKey } from '@aigc-label/core';

/** The longest text that a column takes, in UTF-16 units. */
export const MAXIMUM_TEXT_LENGTH = 65_536;
/** The longest name of a model, in UTF-16 units (ports/record-store.ts). */
export const MAXIMUM_MODEL_LENGTH = 200;
/** The most that is sealed of one recipient, in bytes (ports/record-store.ts). */
export const MAXIMUM_SEALED_BYTES = 4_096;

// SHA-256 is 43 characters, SHA-512 86.
const HASH = /^[A-Za-z0-9_-]{20,128}$/;

/** @throws TypeError where a record is not what `NewRecord` says. */
export const checkNewRecord = (record: NewRecord): void => {
  checkKey(record);
  for (const name of ['reservedCode', 'labelValue', 'contentMethod', 'format', 'modality', 'mediaType', 'tool'] as const) {
    checkText(name, record[name]);
  }
  for (const name of ['keyId', 'algorithm'] as const) {
    if (record[name] !== null) {
      checkText(name, record[name]);
    }
  }
  if (record.model !== undefined) {
    checkText('model', record.model);
    if (record.model.length > MAXIMUM_MODEL_LENGTH || /\p{Cc}/u.test(record.model)) {
      throw new TypeError(`model has at most ${MAXIMUM_MODEL_LENGTH} printable characters.`);
    }
  }
  checkHash('contentHash', record.contentHash);
  checkWhole('signedAtSeconds', record.signedAtSeconds);
};

/** @throws TypeError where a propagation is not what `PropagationRecord` says. */
export const checkPropagation = (record: PropagationRecord): void => {
  checkKey(record);
  checkText('propagator', record.propagator);
  checkText('propagateId', record.propagateId);
  checkText('reservedCode', record.reservedCode);
  checkWhole('atMillis', record.atMillis);
};

/** @throws TypeError where a recipient is not what `RecipientRecord` says. */
export const checkRecipient = (record: RecipientRecord): void => {
  checkKey(record);
  checkText('sealedWith', record.sealedWith);
  checkWhole('atMillis', record.atMillis);
  if (!(record.sealed instanceof Uint8Array) || record.sealed.length === 0 || record.sealed.length > MAXIMUM_SEALED_BYTES) {
    throw new TypeError(`sealed is 1 to ${MAXIMUM_SEALED_BYTES} bytes.`);
  }
};

/** @throws TypeError where a key does not consist of two texts. */
export const checkKey = (key: RecordKey): void => {
  checkText('producer', key.producer);
  checkText('produceId', key.produceId);
};

/** @throws TypeError where it is not a digest in base64url. */
export const checkHash = (name: string, hash: string): void => {
  if (typeof hash !== 'string' || !HASH.test(hash)) {
    throw new TypeError(`${name} is a digest in base64url.`);
  }
};

/** @throws TypeError where it is not a whole number from 0 on. */
export const checkWhole = (name: string, value: number): void => {
  if (!(Number.isSafeInteger(value) && value >= 0)) {
    throw new TypeError(`${name} is a whole number from 0 on.`);
  }
};

const checkText = (name: string, text: string): void => {
  if (typeof text !== 'string' || text.length > MAXIMUM_TEXT_LENGTH) {
    throw new TypeError(`${name} is a text of at most ${MAXIMUM_TEXT_LENGTH} characters.`);
  }
};
