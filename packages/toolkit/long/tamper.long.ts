// Every byte of one signed file of every format is flipped: `verified` only inside the carriers that its content rule declares. (Three files a format, at the level of the digest: `testContent`.)
import { bytesSource } from '@aigc-label/core';
import { afterAll, describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from '../src/labeler.ts';
import { allFormats } from '../src/parts.ts';
import { createVerifier } from '../src/verifier.ts';
import { FILES } from '../test/format-files.ts';

const producer = '001191110000MA0000000H10001';
const lines: string[] = [];

afterAll(() => console.log(['format | bytes | verified, in carriers | verified, undeclared | other verdicts', ...lines].join('\n')));

describe('tampering', async () => {
  const { signer, trusted } = await testKey([producer]);
  const verifier = createVerifier({ trust: await trustIn(trusted) });
  const labeler = createLabeler({ ContentProducer: producer, signer });

  for (const [id, [extension, make]] of Object.entries(FILES)) {
    it(id, async () => {
      const name = `file.${extension}`;
      const { bytes, sidecar } = await labeler.labelBytes(await make(), { name });
      const format = allFormats.find((one) => one.id === id);
      const { carriers = [] } = (await format?.content?.(bytesSource(bytes))) ?? {};
      const options = { name, ...(sidecar === null ? {} : { sidecar }) };
      const verdicts = new Map<string, number>();
      const undeclared: number[] = [];
      let inCarriers = 0;
      for (let offset = 0; offset < bytes.length; offset += 1) {
        const flipped = bytes.slice();
        flipped[offset] = (flipped[offset] as number) ^ (1 << (offset % 8));
        const { integrity } = await verifier.verifyBytes(flipped, options);
        const isCarrier = carriers.some(({ start, end }) => offset >= start && offset < end);
        if (integrity !== 'verified') {
          verdicts.set(integrity, (verdicts.get(integrity) ?? 0) + 1);
        } else if (isCarrier) {
          inCarriers += 1;
        } else {
          undeclared.push(offset);
        }
      }
      const others = [...verdicts].map(([verdict, count]) => `${verdict} ${count}`).join(', ');
      lines.push(`${id} | ${bytes.length} | ${inCarriers} | ${undeclared.length} | ${others}`);
      expect(undeclared).toEqual([]);
    });
  }
});
