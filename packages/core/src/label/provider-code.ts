import { LabelError } from '../errors.ts';
import { citizenNumberCheckDigit, creditCodeCheckDigit } from './check-digit.ts';

/** A service provider's code, TC260-PG-20252A: 27 digits and capital letters. */
export interface ProviderCode {
  /** Position 3: `1` organisation, `2` individual. */
  readonly subject: 'organisation' | 'individual';
  /** Positions 5–22: an organisation's unified social credit code, or an individual's citizen number (personal data). */
  readonly identity: string;
  /** Position 23: `1` generates, `2` propagates; `none` where 23–27 are `00000`. */
  readonly service: 'generate' | 'propagate' | 'none';
  /** Positions 24–27: assigned by the provider itself, a model or an app; `0000` where unused. */
  readonly serviceCode: string;
}

/** Why a text is no provider code. */
export type ProviderCodeProblem = 'length' | 'characters' | 'format_code' | 'subject' | 'identity_binding' | 'check_digit' | 'service';

const SUBJECTS = { organisation: '1', individual: '2' } as const;
const SERVICES = { none: '0', generate: '1', propagate: '2' } as const;

/**
 * Builds a provider code.
 *
 * @param code `service` defaults to `none`, `serviceCode` to `0000`.
 * @throws LabelError `LABEL_INVALID` with `data.problems` where the parts do not make a valid code.
 */
export const buildProviderCode = (code: Pick<ProviderCode, 'identity'> & Partial<ProviderCode>): string => {
  const { subject = 'organisation', identity, service = 'none', serviceCode = '0000' } = code;
  const text = `00${SUBJECTS[subject]}1${identity}${SERVICES[service]}${serviceCode}`;
  const { problems } = parseProviderCode(text);
  if (problems.length > 0) {
    throw new LabelError('LABEL_INVALID', `${text} is not a provider code of TC260-PG-20252A: ${problems.join(', ')}.`, {
      data: { field: 'ContentProducer', value: text, problems },
    });
  }
  return text;
};

/** Whether a text looks as if a provider code was meant: then its problems are worth telling; anything else is a provider's name. */
export const looksLikeProviderCode = (text: string): boolean => /^00[0-9A-Za-z]{18,40}$/.test(text);

/** Takes a provider code apart; `code` is `undefined` where `problems` is not empty. Never throws. */
export const parseProviderCode = (text: string): { readonly code: ProviderCode | undefined; readonly problems: readonly ProviderCodeProblem[] } => {
  const problems: ProviderCodeProblem[] = [];
  if (text.length !== 27) {
    problems.push('length');
  }
  if (!/^[0-9A-Z]*$/.test(text)) {
    problems.push('characters');
  }
  if (!text.startsWith('00')) {
    problems.push('format_code');
  }
  const subject = nameOf(SUBJECTS, text.charAt(2));
  if (subject === undefined) {
    problems.push('subject');
  }
  if (text.charAt(3) !== '1') {
    problems.push('identity_binding');
  }
  const identity = text.slice(4, 22);
  const checkDigit = subject === 'individual' ? citizenNumberCheckDigit : creditCodeCheckDigit;
  if (text.length >= 22 && checkDigit(identity.slice(0, 17)) !== identity.charAt(17)) {
    problems.push('check_digit');
  }
  const serviceCode = text.slice(23);
  const service = nameOf(SERVICES, text.charAt(22));
  if (service === undefined || (service === 'none' && serviceCode !== '0000')) {
    problems.push('service');
  }
  if (problems.length > 0 || subject === undefined || service === undefined) {
    return { code: undefined, problems };
  }
  return { code: { subject, identity, service, serviceCode }, problems };
};

const nameOf = <Name extends string>(table: Readonly<Record<Name, string>>, sign: string): Name | undefined =>
  (Object.keys(table) as Name[]).find((name) => table[name] === sign);
