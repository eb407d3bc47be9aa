import { createHash } from 'node:crypto';
import type { RecordKey } from '@aigc-label/core';

/** One key for a work, of one size however long its names are. `JSON.stringify` keeps two strings and every lone surrogate apart. */
export const workOf = ({ producer, produceId }: RecordKey): string => digestOf(producer, produceId);

/** SHA-256 over values that are kept apart, base64url: the identity of a row that may be written twice. */
export const digestOf = (...values: readonly (string | number)[]): string => createHash('sha256').update(JSON.stringify(values)).digest('base64url');
