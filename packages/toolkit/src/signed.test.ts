// Every format, end to end: signed, verified, signed again, spread, edited, moved to other content.
import { describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { FILES } from '../test/format-files.ts';
import { createLabeler } from './labeler.ts';
import { createPropagator } from './propagator.ts';
import { createVerifier } from './verifier.ts';

const producer = '001191110000MA0000000H10001';
const platform = '001191110000MA0000000H20000';

describe('signed labels', async () => {
  const { signer, trusted } = await testKey([producer]);
  const spreader = await testKey([platform], {}, 'ES256');
  const trust = await trustIn(trusted, spreader.trusted);
  const labeler = createLabeler({ ContentProducer: producer, signer });
  const verifier = createVerifier({ trust });

  for (const [id, [extension, make]] of Object.entries(FILES)) {
    it(`${id}: verified by whoever trusts the key, also after a platform has signed, and the same when labelled again`, async () => {
      const name = `file.${extension}`;
      const beside = (sidecar: Uint8Array | null) => ({ name, ...(sidecar === null ? {} : { sidecar }) });
      const { bytes, sidecar } = await labeler.labelBytes(await make(), { name });
      expect(await verifier.verifyBytes(bytes, beside(sidecar))).toMatchObject({ integrity: 'verified', action: 'generated', isConformant: true });
      expect(await createVerifier().verifyBytes(bytes, beside(sidecar))).toMatchObject({
        integrity: 'unknown_key',
        action: 'generated',
        label: { ContentProducer: producer },
      });
      expect(await labeler.labelBytes(bytes, beside(sidecar))).toMatchObject({ outcome: 'unchanged' });
      const propagator = createPropagator({ ContentPropagator: platform, signer: spreader.signer });
      const spread = await propagator.propagateBytes(bytes, beside(sidecar));
      expect(await verifier.verifyBytes(spread.bytes, beside(spread.sidecar))).toMatchObject({
        integrity: 'verified',
        provenance: { producer: { state: 'valid' }, propagator: { state: 'valid' }, binding: 'same', propagatorBinding: 'same' },
      });
    });
  }
});
