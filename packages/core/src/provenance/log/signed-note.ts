import { concat, equalBytes, utf8, viewOf } from '../../bytes/binary.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { isKeyName, type LogKey } from './log-key.ts';

/** A note as it was read, before anything of it is believed (c2sp.org/signed-note). */
export interface SignedNote {
  /** With its final newline; what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** One signature line. */
export interface NoteSignature {
  readonly name: string;
  /** Four bytes. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What became of a note. `witnesses` have signed it at a time, seconds since 1970-01-01 UTC. */
export type NoteVerdict =
  | { readonly isSigned: true; readonly text: string; readonly witnesses: readonly WitnessSeal[] }
  | { readonly isSigned: false; readonly reason: string };

/** A witness had seen this tree, and no other of its size, at this time. */
export interface WitnessSeal {
  readonly name: string;
  readonly atSeconds: number;
}

/** The longest note that is read, in characters: 16 post-quantum signatures of 5 kB fit, which every verifier must accept. */
export const MAXIMUM_NOTE_CHARACTERS: number = 128 << 10;

const MAXIMUM_SIGNATURES = 100;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;

/** Reads a note strictly; `undefined` where it is none. */
export const readNote = (note: string): SignedNote | undefined => {
  if (note.length > MAXIMUM_NOTE_CHARACTERS || /[\u0000-\u0009\u000b-\u001f]/.test(note) || /\p{Surrogate}/u.test(note)) {
    return undefined;
  }
  const split = note.lastIndexOf('\n\n');
  if (split < 1 || !note.endsWith('\n')) {
    return undefined;
  }
  const lines = note.slice(split + 2, -1).split('\n');
  const signatures = lines.slice(0, MAXIMUM_SIGNATURES + 1).map(readSignature);
  if (signatures.length > MAXIMUM_SIGNATURES || signatures.includes(undefined)) {
    return undefined;
  }
  return { text: note.slice(0, split + 1), signatures: signatures as readonly NoteSignature[] };
};

/** A note with one signature of a log; `text` ends with a newline. */
export const writeNote = (text: string, key: LogKey, signature: Uint8Array): string =>
  `${text}\n\u2014 ${key.name} ${encodeBase64(concat(key.id, signature))}\n`;

/**
 * Verifies a note: a key of kind `log` must have signed it, and no signature of a known key may be wrong; signatures of unknown keys say nothing (c2sp.org/signed-note).
 * Never throws for what the note says. Ed25519 of Web Crypto is used; where the runtime has none, the answer is a reason.
 */
export const verifyNote = async (note: string, keys: readonly LogKey[]): Promise<NoteVerdict> => {
  const read = readNote(note);
  if (read === undefined) {
    return notSigned('it is not a signed note');
  }
  let isSigned = false;
  const witnesses: WitnessSeal[] = [];
  for (const signature of read.signatures) {
    for (const key of keys.filter(({ name, id }) => name === signature.name && equalBytes(id, signature.id))) {
      const seal = await verifySignature(read.text, signature.bytes, key);
      if (typeof seal === 'string') {
        return notSigned(seal);
      }
      isSigned ||= key.kind === 'log';
      if (key.kind === 'witness' && !witnesses.some(({ name }) => name === key.name)) {
        witnesses.push({ name: key.name, atSeconds: seal });
      }
    }
  }
  return isSigned ? { isSigned: true, text: read.text, witnesses } : notSigned('no known key of a log has signed it');
};

/** The time of the signature (0 for a log's, which has none), or why it does not hold. */
const verifySignature = async (text: string, signature: Uint8Array, key: LogKey): Promise<number | string> => {
  const timeBytes = key.kind === 'witness' ? TIME_BYTES : 0;
  if (signature.length !== timeBytes + SIGNATURE_BYTES) {
    return `the signature of ${key.name} has another length`;
  }
  const atSeconds = timeBytes === 0 ? 0 : Number(viewOf(signature).getBigUint64(0));
  if (!Number.isSafeInteger(atSeconds)) {
    return `the time of ${key.name} is none`;
  }
  const message = utf8(key.kind === 'witness' ? `cosignature/v1\ntime ${atSeconds}\n${text}` : text);
  try {
    const publicKey = await crypto.subtle.importKey('raw', Uint8Array.from(key.publicKey), 'Ed25519', false, ['verify']);
    const isRight = await crypto.subtle.verify('Ed25519', publicKey, Uint8Array.from(signature.subarray(timeBytes)), Uint8Array.from(message));
    return isRight ? atSeconds : `the signature of ${key.name} does not hold`;
  } catch {
    return `the signature of ${key.name} could not be tried`;
  }
};

const readSignature = (line: string): NoteSignature | undefined => {
  const [dash, name = '', data = '', ...rest] = line.split(' ');
  const bytes = decodeBase64(data);
  if (dash !== '\u2014' || !isKeyName(name) || bytes === undefined || bytes.length < 5 || rest.length > 0) {
    return undefined;
  }
  return { name, id: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
};

const notSigned = (reason: string): NoteVerdict => ({ isSigned: false, reason });
