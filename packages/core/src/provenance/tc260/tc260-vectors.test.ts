import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Label } from '../../label/label.ts';
import type { CodeFinding, SignatureRole } from '../../ports/signature-profile.ts';
import { readTrustList } from '../trust-list.ts';
import { tc260Profile } from './tc260-profile.ts';

interface Vector extends Pick<CodeFinding, 'isIntact' | 'variant'> {
  readonly name: string;
  readonly role: SignatureRole;
  readonly label: Label;
  readonly state: CodeFinding['state'] | null;
  readonly hasContent: boolean;
}
const { content, trust, vectors } = JSON.parse(readFileSync(new URL('../../../../../spec/vectors/tc260.json', import.meta.url), 'utf8')) as {
  readonly content: unknown;
  readonly trust: unknown;
  readonly vectors: readonly Vector[];
};

describe('the vectors of spec/tc260.md', async () => {
  const list = await readTrustList(JSON.stringify(trust));

  it.each(vectors)('$name: $state', async ({ role, label, state, isIntact, variant, hasContent }) => {
    const finding = await tc260Profile.verify(label, role, list);
    expect({ state: finding?.state ?? null, isIntact: finding?.isIntact ?? null, variant: finding?.variant ?? null }).toEqual({
      state,
      isIntact,
      variant,
    });
    expect(finding?.content ?? null).toEqual(hasContent ? content : null);
  });
});
