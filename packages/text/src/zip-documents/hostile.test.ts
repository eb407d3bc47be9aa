import { bytesSource, chooseFormat, LabelError, verify } from '@aigc-label/core';
import { sampleSlotText, zipHostile } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { textFormats } from '../formats/index.ts';

describe('archives that are made to do harm', () => {
  it.each(zipHostile.map((file) => [file.name, file] as const))(
    '%s: a verdict, and a plan only where it is safe',
    async (_, { format, integrity, bytes }) => {
      const source = bytesSource(bytes());
      expect((await chooseFormat(source, textFormats))?.id ?? null).toBe(format);
      const report = await verify(source, { formats: textFormats, vocabularies: [], regimes: [], noticeFinders: [] });
      expect(integrity).toContain(report.integrity);
      if (!integrity.includes('absent')) {
        const chosen = textFormats.find(({ id }) => id === format);
        await expect(chosen?.plan(source, sampleSlotText)).rejects.toBeInstanceOf(LabelError);
      }
    },
  );
});
