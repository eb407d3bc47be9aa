import {
  applySplices,
  type ByteRange,
  bytesSource,
  type DetailedDigest,
  digestContent,
  type Format,
  LabelError,
  pureHashing,
} from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { byteByByteSource } from './hostile.ts';
import { anotherSlotText, sampleSlotText } from './slot-text.ts';

/** One file whose content digest is tried. */
export interface ContentFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The same content with other metadata, made by other tools: its digest must be the same. */
  readonly edited?: readonly { readonly by: string; readonly bytes: Uint8Array }[];
  /** Files that look or sound different, or would be rendered differently: the digest must differ. */
  readonly changed?: readonly { readonly how: string; readonly bytes: Uint8Array }[];
  /** Set where the format writes no label inside. */
  readonly isSidecarOnly?: true;
}

/** What `testContent` is given. At least three fixtures, as small as the format allows: every byte of each is flipped. */
export interface TestContentOptions {
  readonly format: Format;
  readonly fixtures: readonly ContentFixture[];
}

/** The contract of `Format.content` in executable form. */
export const testContent = ({ format, fixtures }: TestContentOptions): void => {
  describe(`content of ${format.id}`, () => {
    for (const { name, bytes, edited = [], changed = [], isSidecarOnly } of fixtures) {
      describe(name, () => {
        const labelledBy = async (file: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> =>
          isSidecarOnly === true ? file : applySplices(file, await format.plan(bytesSource(file), slot));

        it('is the same before and after labelling, with a longer label, and read byte by byte', async () => {
          const before = await digestOf(format, bytes);
          const labelled = await labelledBy(bytes);
          expect(await digestOf(format, labelled)).toEqual(before);
          const longer = { ...sampleSlotText, value: anotherSlotText.value.replace('"}', `${'x'.repeat(700)}"}`) };
          expect(await digestOf(format, await labelledBy(labelled, anotherSlotText))).toEqual(before);
          expect(await digestOf(format, await labelledBy(labelled, longer))).toEqual(before);
          const source = byteByByteSource(labelled);
          expect(await digestContent(source, await format.content(source), pureHashing)).toEqual(before);
        });

        it('leaves out ascending carriers, and covers no byte of them', async () => {
          const labelled = await labelledBy(bytes);
          const plan = await format.content(bytesSource(labelled));
          expectCarriers(plan.carriers, labelled.length);
          for (const part of plan.parts) {
            for await (const piece of typeof part.pieces === 'function' ? part.pieces() : part.pieces) {
              if (!(piece instanceof Uint8Array)) {
                expect(piece.start <= piece.end && piece.end <= labelled.length).toBe(true);
                expect(plan.carriers.filter(({ start, end }) => piece.start < end && start < piece.end)).toEqual([]);
              }
            }
          }
        });

        it('changes with every byte that is not a carrier', async () => {
          const labelled = await labelledBy(bytes);
          expect(await undeclared(format, labelled)).toEqual([]);
        }, 120_000);

        for (const { by, bytes: other } of edited) {
          it(`is the same after ${by}`, async () => {
            expect(await digestOf(format, other)).toEqual(await digestOf(format, bytes));
          });
        }
        for (const { how, bytes: other } of changed) {
          it(`differs when ${how}`, async () => {
            expect((await digestOf(format, other)).hash).not.toBe((await digestOf(format, bytes)).hash);
          });
        }
      });
    }
  });
};

/** The digest of a file. */
export const digestOf = async (format: Format, bytes: Uint8Array): Promise<DetailedDigest> => {
  const source = bytesSource(bytes);
  return digestContent(source, await format.content(source), pureHashing);
};

const expectCarriers = (carriers: readonly ByteRange[], size: number): void => {
  let end = 0;
  for (const carrier of carriers) {
    expect(carrier.start).toBeGreaterThanOrEqual(end);
    expect(carrier.end).toBeGreaterThan(carrier.start);
    end = carrier.end;
  }
  expect(end).toBeLessThanOrEqual(size);
};

/** Offsets outside the carriers at which a flipped byte leaves the digest as it was: there must be none. A file that can no longer be told apart, or is of another kind now, counts as changed. */
export const undeclared = async (format: Format, bytes: Uint8Array): Promise<readonly number[]> => {
  const before = (await digestOf(format, bytes)).hash;
  const { carriers } = await format.content(bytesSource(bytes));
  const offsets: number[] = [];
  for (let offset = 0; offset < bytes.length; offset += 1) {
    if (carriers.some(({ start, end }) => offset >= start && offset < end)) {
      continue;
    }
    const flipped = bytes.slice();
    flipped[offset] = (flipped[offset] as number) ^ (1 << (offset % 8));
    if ((await hashOrRefusal(format, flipped)) === before) {
      offsets.push(offset);
    }
  }
  return offsets;
};

const hashOrRefusal = async (format: Format, bytes: Uint8Array): Promise<string> => {
  if (!format.matches(bytes.subarray(0, 4096))) {
    return 'another kind';
  }
  try {
    return (await digestOf(format, bytes)).hash;
  } catch (error) {
    if (error instanceof LabelError) {
      return error.code;
    }
    throw error;
  }
};
