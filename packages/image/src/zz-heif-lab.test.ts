import { readFileSync, writeFileSync } from 'node:fs';
import { applySplices, bytesSource } from '@aigc-label/core';
import { sampleSlotText } from '@aigc-label/test-fixtures';
import { it } from 'vitest';
it('lab', async () => {
  for (const job of process.env['JOBS']!.split(' ')) {
    const [file, id, from, to] = job.split(',') as [string, string, string, string];
    const format = (await import(`./formats/${file}.ts`))[id];
    const b = new Uint8Array(readFileSync(from));
    try {
      console.log(from, format.matches(b.subarray(0, 4096)), 'before', JSON.stringify(await format.read(bytesSource(b))));
      const s = await format.plan(bytesSource(b), sampleSlotText);
      const a = applySplices(b, s);
      writeFileSync(to, a);
      console.log('after', JSON.stringify(await format.read(bytesSource(a))), a.length - b.length, s.length);
    } catch (e) { console.log(e); }
  }
});
