import type { ByteSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import type { Format, Modality, Place, Slots } from '../ports/format.ts';
import type { Finding, Vocabulary } from '../ports/vocabulary.ts';
import { chooseFormat, type FormatHint } from './choose-format.ts';
import { findingsIn } from './findings.ts';

/** What stands in a file, without a verdict. */
export interface Inspection {
  /** `null` where the bytes are of no kind that we know. */
  readonly format: { readonly id: string; readonly modality: Modality; readonly mediaType: string; readonly place: Place } | null;
  readonly sizeBytes: number;
  /** Every slot under our key, as it stood. */
  readonly slots: Slots['found'];
  readonly findings: readonly Finding[];
  readonly anomalies: Slots['anomalies'];
}

/**
 * Looks into a file and judges nothing.
 *
 * @throws LabelError what `Format.read` throws.
 */
export const inspect = async (
  source: ByteSource,
  { formats, vocabularies }: { readonly formats: readonly Format[]; readonly vocabularies: readonly Vocabulary[] },
  hint?: FormatHint,
): Promise<Inspection> => {
  if (source.size === 0) {
    throw new LabelError('FILE_EMPTY', 'The file is empty.');
  }
  const format = await chooseFormat(source, formats, hint);
  const slots = format === undefined ? { found: [], anomalies: [] } : await format.read(source);
  return {
    format: format === undefined ? null : { id: format.id, modality: format.modality, mediaType: format.mediaTypes[0] ?? '', place: format.place },
    sizeBytes: source.size,
    slots: slots.found,
    findings: findingsIn(slots, vocabularies),
    anomalies: slots.anomalies,
  };
};
