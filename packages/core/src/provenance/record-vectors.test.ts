import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Label } from '../label/label.ts';
import type { SignatureRole } from '../ports/signature-profile.ts';
import { takeExcerpts } from './excerpts.ts';
import { jwsProfile } from './jws-profile.ts';
import { pureHashing } from './pure-hashing.ts';
import { readTrustList } from './trust-list.ts';

interface Vectors {
  readonly excerpts: { readonly value: string };
  readonly content: unknown;
  readonly trust: unknown;
  readonly vectors: readonly { readonly name: string; readonly role: SignatureRole; readonly label: Label; readonly state: string | null }[];
}
const { excerpts, content, trust, vectors } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/record.json', import.meta.url), 'utf8'),
) as Vectors;

describe('the vectors of spec/record.md', async () => {
  const list = await readTrustList(JSON.stringify(trust));

  it.each(vectors)('$name: $state', async ({ role, label, state }) => {
    const finding = await jwsProfile.verify(label, role, list);
    expect(finding?.state ?? null).toBe(state);
    if (state === 'valid') {
      expect(finding?.content).toEqual(content);
    }
  });

  it('has the excerpts', () => {
    const taker = takeExcerpts(pureHashing);
    taker.update(Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919 + (index >> 5)) % 251));
    expect(taker.finish()).toBe(excerpts.value);
  });
});
