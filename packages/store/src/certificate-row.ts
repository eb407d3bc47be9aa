import type { DeletionCertificate } from './certified-store.ts';
import type { Row } from './record-row.ts';

/** What stands in the column `data` of a sweep's event. */
export type CertificateData = Omit<DeletionCertificate, 'atMillis'>;

/** Whether a sweep has forgotten anything that must be certified. */
export const hasForgotten = ({ forgottenRecords, forgottenRecipients, forgottenPropagations }: CertificateData): boolean =>
  forgottenRecords + forgottenRecipients + forgottenPropagations > 0;

/** A row of the table `event` whose kind is `sweep`. */
export const certificateOf = (row: Row): DeletionCertificate => ({
  ...(JSON.parse(String(row['data'])) as CertificateData),
  atMillis: Number(row['at']),
});
