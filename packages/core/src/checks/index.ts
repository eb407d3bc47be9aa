import type { Check } from './check.ts';
import { explicitNotice } from './explicit-notice.ts';
import {
  labelAgreement,
  labelCharset,
  labelFields,
  labelPlace,
  labelPresent,
  labelSerialisation,
  labelSingle,
  labelValue,
  labelWrapper,
} from './implicit-label.ts';
import { producerCode, propagatorCode } from './provider-codes.ts';
import { signatureHolds } from './signature-holds.ts';
import { structureIntact } from './structure-intact.ts';

export * from './check.ts';

/** Every check, in the order in which reports list them. */
export const allChecks: readonly Check[] = [
  labelPresent,
  labelSingle,
  labelAgreement,
  labelPlace,
  labelWrapper,
  labelSerialisation,
  labelFields,
  labelCharset,
  labelValue,
  producerCode,
  propagatorCode,
  explicitNotice,
  signatureHolds,
  structureIntact,
];
