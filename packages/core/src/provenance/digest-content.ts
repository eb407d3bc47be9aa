import { utf8 } from '../bytes/binary.ts';
import type { ByteSource } from '../bytes/source.ts';
import type { ByteRange, ContentPart, ContentPiece, ContentPlan } from '../ports/content.ts';
import type { ContentDigest } from '../ports/content-digest.ts';
import type { Hashing, RunningHash } from '../ports/hashing.ts';
import { encodeBase64url } from './base64url.ts';
import { type ExcerptTaker, takeExcerpts } from './excerpts.ts';

/** One line of the list that the content hash is over. */
export interface PartDigest {
  readonly name: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly hash: string;
}

/** A content digest with the list that it stands for, so that it can be told what has changed. */
export interface DetailedDigest extends ContentDigest {
  readonly parts: readonly PartDigest[];
}

/** Bytes that are read at once. */
const WINDOW_BYTES = 1 << 20;

/**
 * The content digest of a file (spec/record.md §3): SHA-256 over a list of its parts, in constant memory.
 *
 * @param strideExponent of signed excerpts that the result is to be compared with.
 * @throws LabelError as `ByteSource.read` and the plan's pieces do.
 */
export const digestContent = async (source: ByteSource, plan: ContentPlan, hashing: Hashing, strideExponent?: number): Promise<DetailedDigest> => {
  const excerpts = takeExcerpts(hashing, strideExponent);
  const parts: PartDigest[] = [];
  for (const part of plan.parts) {
    parts.push({ name: part.name, hash: hex(await digestPart(source, part, hashing, part.isPerceived === true ? excerpts : undefined)) });
  }
  const list = hashing.sha256();
  list.update(utf8(`aigc-content 1\n${plan.method}\n${parts.map(({ name, hash }) => `${hash} ${JSON.stringify(name)}\n`).join('')}`));
  return { method: plan.method, hash: encodeBase64url(list.digest()), excerpts: excerpts.finish(), parts };
};

const digestPart = async (source: ByteSource, { pieces }: ContentPart, hashing: Hashing, excerpts: ExcerptTaker | undefined): Promise<Uint8Array> => {
  const hash = hashing.sha256();
  for await (const piece of typeof pieces === 'function' ? pieces() : pieces) {
    const fed = feed(source, piece, hash, excerpts);
    if (fed !== undefined) {
      await fed;
    }
  }
  return hash.digest();
};

/** At once where the bytes are at hand: a promise for each of ten thousand pages costs more than hashing them. Every read is waited for, or the file could be closed under it. */
const feed = (source: ByteSource, piece: ContentPiece, hash: RunningHash, excerpts: ExcerptTaker | undefined): Promise<void> | undefined => {
  const take = (bytes: Uint8Array): void => {
    hash.update(bytes);
    excerpts?.update(bytes);
  };
  if (piece instanceof Uint8Array) {
    take(piece);
    return undefined;
  }
  if (piece.end - piece.start > WINDOW_BYTES) {
    return feedRange(source, piece, take);
  }
  const bytes = source.read(piece.start, piece.end - piece.start);
  if (bytes instanceof Uint8Array) {
    take(bytes);
    return undefined;
  }
  return bytes.then(take);
};

const feedRange = async (source: ByteSource, { start, end }: ByteRange, take: (bytes: Uint8Array) => void): Promise<void> => {
  for (let position = start; position < end; position += WINDOW_BYTES) {
    take(await source.read(position, Math.min(WINDOW_BYTES, end - position)));
  }
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
