import { applySplices, bytesSource, type Format, type SlotText, splicedSource } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { expectNoEscape, expectOnly, refusalOr } from './expect-format.ts';
import { type Executions, executionsOf, fuzz } from './fuzz.ts';
import { byteByByteSource, countingSource, truncations } from './hostile.ts';
import { anotherSlotText, sampleSlotText, strangeSlotText } from './slot-text.ts';
import type { StructureFinder } from './structure.ts';

/** One file that a format must be able to label. */
export interface FormatFixture {
  readonly name: string;
  readonly bytes: Uint8Array;
  /**
   * What must be equal before and after labelling: pixels, samples, packets, foreign metadata, cut out of the file by means other than the format's own reader
   * where possible. Called on the original and on the labelled bytes.
   */
  readonly untouched: (bytes: Uint8Array) => unknown;
  /** Set where the file has no room, or a damage that forbids a safe edit: the code that `plan` must throw. */
  readonly refused?: string;
  /** Set where the fixture already holds our key: how many slots `read` finds. */
  readonly slots?: number;
}

/** What `testFormat` is given. */
export interface TestFormatOptions {
  readonly format: Format;
  readonly fixtures: readonly FormatFixture[];
  /** Whether bytes after the end are told apart from the container (`trailing_data`); plain streams of text have no end. */
  readonly hasEnd: boolean;
  /** Finds sizes, offsets and elements, so that mutations get past the outermost check (`structures/`). */
  readonly structure?: StructureFinder;
  /** The most bytes that one `read` of a fixture may fetch in all; the default is 1 MiB. */
  readonly maximumReadBytes?: number;
}

/** The contract of `Format` in executable form: every format's test calls it with its own fixtures. */
export const testFormat = ({ format, fixtures, hasEnd, structure, maximumReadBytes = 1 << 20 }: TestFormatOptions): void => {
  const executions: Executions = executionsOf(fixtures.length);
  describe(`format ${format.id} keeps the contract`, () => {
    for (const fixture of fixtures) {
      describe(fixture.name, () => {
        const { bytes } = fixture;
        it('matches', () => {
          expect(format.matches(bytes.subarray(0, 4096))).toBe(true);
        });
        it(`holds ${fixture.slots ?? 0} slots before`, async () => {
          const { found } = await format.read(bytesSource(bytes));
          expect(found.length).toBe(fixture.slots ?? 0);
        });
        if (fixture.refused !== undefined) {
          it(`is refused with ${fixture.refused}`, async () => {
            await expect(format.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ name: 'LabelError', code: fixture.refused });
          });
          fuzzTest(format, fixture.name, async () => bytes, executions, structure);
          return;
        }
        it('round trips, and leaves the rest untouched', async () => {
          const labelled = await labelBytes(format, bytes, sampleSlotText);
          await expectOnly(format, bytesSource(labelled), sampleSlotText);
          expect(fixture.untouched(labelled)).toEqual(fixture.untouched(bytes));
          const before = await format.read(bytesSource(bytes));
          const after = await format.read(bytesSource(labelled));
          expect(after.anomalies.map(({ code }) => code)).toEqual(before.anomalies.map(({ code }) => code));
        });
        it('labelling twice changes nothing; another label replaces; the first again gives the first bytes', async () => {
          const labelled = await labelBytes(format, bytes, sampleSlotText);
          expect(await format.plan(bytesSource(labelled), sampleSlotText)).toEqual([]);
          const replaced = await labelBytes(format, labelled, anotherSlotText);
          await expectOnly(format, bytesSource(replaced), anotherSlotText);
          expect(fixture.untouched(replaced)).toEqual(fixture.untouched(bytes));
          expect(await labelBytes(format, replaced, sampleSlotText)).toEqual(labelled);
        });
        it('writes what a repaired label may hold: values outside Annex E j)', async () => {
          const splices = await refusalOr(format.plan(bytesSource(bytes), strangeSlotText));
          if (splices !== undefined) {
            await expectOnly(format, bytesSource(applySplices(bytes, splices)), strangeSlotText);
            expect(await format.plan(bytesSource(applySplices(bytes, splices)), strangeSlotText)).toEqual([]);
          }
        });
        it('reads the same byte by byte, asynchronously, and through splices not yet applied', async () => {
          const splices = await format.plan(bytesSource(bytes), sampleSlotText);
          expect(await format.plan(byteByByteSource(bytes), sampleSlotText)).toEqual(splices);
          const labelled = applySplices(bytes, splices);
          const expected = await format.read(bytesSource(labelled));
          expect(await format.read(byteByByteSource(labelled))).toEqual(expected);
          expect(await format.read(splicedSource(bytesSource(bytes), splices))).toEqual(expected);
        });
        it('reads within its bounds', async () => {
          const labelled = await labelBytes(format, bytes, sampleSlotText);
          const counted = countingSource(labelled);
          await format.read(counted);
          expect(counted.bytesRead()).toBeLessThanOrEqual(maximumReadBytes);
        });
        it('answers every truncation with slots, anomalies or a LabelError', async () => {
          const labelled = await labelBytes(format, bytes, sampleSlotText);
          for (const cut of truncations(labelled)) {
            await expectNoEscape(format, cut);
          }
        });
        fuzzTest(format, fixture.name, () => labelBytes(format, bytes, sampleSlotText), executions, structure);
        if (hasEnd) {
          it('keeps junk after the end, and says that it is there', async () => {
            const junk = new TextEncoder().encode('\u0000\u0000JUNK after the end\r\n<html>'.repeat(3));
            const withJunk = new Uint8Array([...bytes, ...junk]);
            const before = await format.read(bytesSource(withJunk));
            expect(before.anomalies.map(({ code }) => code)).toContain('trailing_data');
            const splices = await refusalOr(format.plan(bytesSource(withJunk), sampleSlotText));
            if (splices !== undefined) {
              const labelled = applySplices(withJunk, splices);
              await expectOnly(format, bytesSource(labelled), sampleSlotText);
              expect(labelled.subarray(-junk.length)).toEqual(junk);
            }
          });
        }
      });
    }
  });
};

const labelBytes = async (format: Format, bytes: Uint8Array, slot: SlotText): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), slot));

const fuzzTest = (
  format: Format,
  name: string,
  bytesOf: () => Promise<Uint8Array>,
  { count, seed, timeoutMillis }: Executions,
  structure: StructureFinder | undefined,
): void => {
  it(
    `answers ${count} mutations with slots, anomalies or a LabelError`,
    async () => {
      const bytes = await bytesOf();
      await fuzz(`${format.id} ${name}`, bytes, { count, seed, structure: structure?.(bytes) }, (mutated) => expectNoEscape(format, mutated));
    },
    timeoutMillis,
  );
};
