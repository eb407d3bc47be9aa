import { hasDuplicateMember, isDeeperThan } from '../../label/json-members.ts';

/** `SecurityData` of TC260-PG-202511A as far as we read it; members as they stand, nothing of it trusted. */
export interface SecurityData {
  readonly signatures: readonly SecurityEntry[];
  readonly keys: readonly SecurityEntry[];
  readonly bindings: readonly Readonly<Record<string, unknown>>[];
}

/** One member of `PubSD`. */
export interface SecurityEntry {
  readonly algorithm: string;
  readonly keyId: string;
  /** What a signature is over (`TBSData.Type`); empty for a key. */
  readonly subject: string;
  /** `Signature` or `KeyValue`. */
  readonly value: unknown;
}

/** The longest code that is looked at; those seen have up to about 1,100 characters. */
const MAXIMUM_CHARACTERS = 8192;
const MAXIMUM_DEPTH = 8;
const MAXIMUM_ENTRIES = 8;

/** A code that means to be SecurityData, but is not to be read, and why. */
export interface UnreadableSecurityData {
  readonly unreadable: string;
}

/** Reads a ReservedCode: `undefined` where it is something else (spec/labels.md §4). Linear in the text, never throws. */
export const readSecurityData = (code: string): SecurityData | UnreadableSecurityData | undefined => {
  if (!/^\s*\{\s*"SecurityData"\s*:/.test(code.slice(0, 256))) {
    return undefined;
  }
  if (code.length > MAXIMUM_CHARACTERS) {
    return { unreadable: `it has more than ${MAXIMUM_CHARACTERS} characters` };
  }
  if (isDeeperThan(code, MAXIMUM_DEPTH)) {
    return { unreadable: 'it is nested too deeply' };
  }
  let root: unknown;
  try {
    root = JSON.parse(code);
  } catch {
    return { unreadable: 'it is not JSON' };
  }
  if (hasDuplicateMember(code)) {
    return { unreadable: 'a member stands in it twice' };
  }
  const data = asObject(asObject(root)?.['SecurityData']);
  if (data === undefined) {
    return { unreadable: 'SecurityData is not an object' };
  }
  // Seen in the wild with a space before it.
  if (typeof data['Type'] === 'string' && data['Type'].trim() !== 'TC260PG') {
    return undefined;
  }
  return readBody(data);
};

const readBody = (data: Readonly<Record<string, unknown>>): SecurityData | UnreadableSecurityData => {
  if (typeof data['Type'] !== 'string' || String(data['Version']) !== '1') {
    return { unreadable: 'its type or version is not known' };
  }
  // Honor spells it PubSd.
  const entries = objectsOf(data['PubSD'] ?? data['PubSd'] ?? []);
  const bindings = objectsOf(data['Bindings'] ?? []);
  if (entries === undefined || bindings === undefined) {
    return { unreadable: `PubSD or Bindings is not a list of at most ${MAXIMUM_ENTRIES} objects` };
  }
  const ofType = (type: string, member: string): readonly SecurityEntry[] =>
    entries
      .filter((entry) => entry['Type'] === type)
      .map((entry) => ({
        algorithm: textOf(entry['AlgID']),
        keyId: textOf(entry['KeyID'] ?? ''),
        subject: textOf(asObject(entry['TBSData'])?.['Type']),
        value: entry[member],
      }));
  return { signatures: ofType('DS', 'Signature'), keys: ofType('PubKey', 'KeyValue'), bindings };
};

const objectsOf = (value: unknown): readonly Readonly<Record<string, unknown>>[] | undefined => {
  const objects = Array.isArray(value) ? value.map(asObject) : [undefined];
  return objects.length > MAXIMUM_ENTRIES || objects.includes(undefined) ? undefined : (objects as readonly Readonly<Record<string, unknown>>[]);
};

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;

const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
