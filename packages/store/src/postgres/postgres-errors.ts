import { LabelError } from '@aigc-label/core';
import { type StoreFailure, storeFailed } from '../store-errors.ts';

// https://www.postgresql.org/docs/current/errcodes-appendix.html, by code or by class.
const REASONS: Readonly<Record<string, StoreFailure>> = {
  '53100': 'disk_full',
  '53300': 'busy', // too many connections
  '55P03': 'busy', // a lock was not to be had
  '40001': 'busy',
  '40P01': 'busy', // a deadlock
  '42501': 'not_permitted',
  '3D000': 'not_permitted', // no such database
  '3F000': 'not_permitted', // no such schema
  '28': 'not_permitted', // wrong user or password
  '08': 'unreachable',
  '57': 'unreachable', // shut down, or not up yet
  XX: 'damaged',
};
const SYSTEM_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
// What pg says without a code.
const UNREACHABLE = /timeout|terminated|Connection ended|not queryable/i;

/** What is worth a second try at once: every write may be repeated. */
export const isPassing = (error: unknown): boolean => {
  const reason = reasonOf(error);
  return reason === 'busy' || (reason === 'unreachable' && !/ECONNREFUSED|ENOTFOUND|ENOENT/.test(codeOf(error)));
};

/** Whatever was thrown as a `LabelError`, with nothing of the secrets in it. */
export const postgresFailure = (error: unknown, secrets: readonly string[]): LabelError =>
  error instanceof LabelError ? error : storeFailed(reasonOf(error), withoutSecrets(error, secrets));

const reasonOf = (error: unknown): StoreFailure => {
  const code = codeOf(error);
  const known = REASONS[code] ?? REASONS[code.slice(0, 2)];
  if (known !== undefined && /^[0-9A-Z]{5}$/.test(code)) {
    return known;
  }
  return SYSTEM_CODES.includes(code) || UNREACHABLE.test(messageOf(error)) ? 'unreachable' : 'failed';
};

const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A new error: that of the driver may hold the connection string (`input` of a URL error) or the values of a query (`detail`). */
const withoutSecrets = (error: unknown, secrets: readonly string[]): Error => {
  const message = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), messageOf(error));
  return Object.assign(new Error(message), codeOf(error) === '' ? {} : { code: codeOf(error) });
};

/** What of a connection string may not be told: itself, and the password as it is written and as it is meant. */
export const secretsOf = (connectionString: string | undefined): readonly string[] => {
  if (connectionString === undefined) {
    return [];
  }
  // By hand: where the string is no URL, it is just then that its parser's error shows it.
  const written = [/^[^:]+:\/\/[^:/?#]*:(.*)@/, /[?&]password=([^&]*)/].map((pattern) => pattern.exec(connectionString)?.[1] ?? '');
  const meant = written.map((text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return '';
    }
  });
  return [connectionString, ...written, ...meant].filter((text) => text !== '');
};
