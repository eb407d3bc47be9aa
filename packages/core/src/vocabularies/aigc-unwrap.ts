import { hasDuplicateMember, isDeeperThan } from '../label/json-members.ts';
import type { Deviation } from '../ports/vocabulary.ts';
import { asciiJson } from './ascii-json.ts';

/** The most characters of a label's text that are looked at (provenance.md §1.3). */
export const MAXIMUM_LABEL_CHARACTERS = 16_384;

/** How often a label may be wrapped or encoded into a string of itself before we stop looking. */
const MAXIMUM_LAYERS = 4;

/** How deep values may nest: SecurityData as an object, as some write it, has five levels. */
const MAXIMUM_DEPTH = 64;

/** A text as the object that it holds; `object` is `undefined` where it holds none, and `deviations` says why. */
export interface Unwrapped {
  readonly object: Readonly<Record<string, unknown>> | undefined;
  readonly deviations: readonly Deviation[];
}

/** Takes off what products in the wild put around the object: spaces, `AIGC`, `AIGC=`, `{"AIGC":…}`, a second encoding, base64 (labels.md §5.1, variants 6, 8, 13, 14). */
export const unwrap = (text: string): Unwrapped => {
  if (text.length > MAXIMUM_LABEL_CHARACTERS) {
    return failed('too_large');
  }
  const deviations = new Set<Deviation['code']>();
  let json = trimmed(text, deviations);
  for (let layer = 0; layer < MAXIMUM_LAYERS; layer += 1) {
    if (isDeeperThan(json, MAXIMUM_DEPTH)) {
      return failed('too_large', deviations);
    }
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      const decoded = fromBase64(json);
      if (decoded === undefined) {
        return failed('not_json', deviations);
      }
      deviations.add('base64');
      json = trimmed(decoded, deviations);
      continue;
    }
    if (hasDuplicateMember(json)) {
      return failed('duplicate_field', deviations);
    }
    const inner = isObject(value) && Object.keys(value).length === 1 && 'AIGC' in value ? value['AIGC'] : value;
    if (inner !== value) {
      deviations.add('wrapped');
    } else if (isObject(value) && json !== JSON.stringify(value) && json !== asciiJson(value)) {
      deviations.add('not_compact');
    }
    if (isObject(inner)) {
      return { object: inner, deviations: coded(deviations) };
    }
    if (typeof inner !== 'string') {
      return failed('not_an_object', deviations);
    }
    deviations.add('double_encoded');
    json = trimmed(inner, deviations);
  }
  return failed('not_an_object', deviations);
};

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The text that base64 holds, or `undefined` where it is none, or no text. */
const fromBase64 = (text: string): string | undefined => {
  if (text.length < 16 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    return undefined;
  }
  try {
    return STRICT_UTF8.decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
};

const trimmed = (text: string, deviations: Set<Deviation['code']>): string => {
  const bare = text.trim();
  if (bare !== text) {
    deviations.add('not_compact');
  }
  const prefix = /^AIGC(?:\s{0,4}[=:]|(?=\s{0,4}[{"]))/.exec(bare)?.[0];
  if (prefix !== undefined) {
    deviations.add('prefixed');
    return bare.slice(prefix.length).trim();
  }
  return bare;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const coded = (codes: ReadonlySet<Deviation['code']>): readonly Deviation[] => [...codes].map((code) => ({ code }));

const failed = (code: Deviation['code'], before: ReadonlySet<Deviation['code']> = new Set()): Unwrapped => ({
  object: undefined,
  deviations: coded(new Set([...before, code])),
});
