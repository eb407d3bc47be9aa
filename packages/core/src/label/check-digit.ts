/** The 31 signs of a unified social credit code, GB 32100-2015. */
const CREDIT_SIGNS = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const CREDIT_WEIGHTS: readonly number[] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** Weights and check signs of a citizen's number, GB 11643-1999 (ISO 7064, MOD 11-2). */
const CITIZEN_WEIGHTS: readonly number[] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_SIGNS = '10X98765432';

/**
 * The eighteenth sign of a unified social credit code (统一社会信用代码), from its first seventeen; `undefined` where a sign is not of GB 32100's alphabet.
 */
export const creditCodeCheckDigit = (first17: string): string | undefined => {
  const sum = weighted(first17, CREDIT_WEIGHTS, CREDIT_SIGNS);
  return sum === undefined ? undefined : CREDIT_SIGNS[(31 - (sum % 31)) % 31];
};

/** The eighteenth sign of a citizen's number, from its first seventeen digits; `undefined` where one is not a digit. */
export const citizenNumberCheckDigit = (first17: string): string | undefined => {
  const sum = weighted(first17, CITIZEN_WEIGHTS, '0123456789');
  return sum === undefined ? undefined : CITIZEN_SIGNS[sum % 11];
};

const weighted = (text: string, weights: readonly number[], signs: string): number | undefined => {
  if (text.length !== weights.length) {
    return undefined;
  }
  let sum = 0;
  for (const [index, weight] of weights.entries()) {
    const value = signs.indexOf(text.charAt(index));
    if (value < 0) {
      return undefined;
    }
    sum += value * weight;
  }
  return sum;
};
