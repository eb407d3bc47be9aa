import type { ByteSource } from '../bytes/source.ts';
import type { ContentDigest } from '../ports/content-digest.ts';
import type { Format } from '../ports/format.ts';
import type { Hashing } from '../ports/hashing.ts';
import type { RecordLookup } from '../ports/record-store.ts';
import type { Recovered } from '../report/provenance.ts';
import { anomalyOf } from './anomaly-of.ts';
import { contentDigestOf } from './sign-label.ts';

/**
 * A work that has lost its label, known again by its content; `null` where the store does not know it.
 *
 * @throws what the store throws, and LabelError of the outside world; never for what is in the file.
 */
export const recover = async (source: ByteSource, format: Format, hashing: Hashing, records: RecordLookup): Promise<Recovered | null> => {
  const digest = await digestOrNothing(source, format, hashing);
  if (digest === undefined) {
    return null;
  }
  const [record] = (await records.findByContent(digest.method, digest.hash)).filter(({ status }) => status !== 'failed');
  return record === undefined
    ? null
    : { producer: record.producer, produceId: record.produceId, labelValue: record.labelValue, signedAtSeconds: record.signedAtSeconds };
};

const digestOrNothing = async (source: ByteSource, format: Format, hashing: Hashing): Promise<ContentDigest | undefined> => {
  try {
    return await contentDigestOf(source, format, hashing);
  } catch (error) {
    anomalyOf(error, format.id);
    return undefined;
  }
};
