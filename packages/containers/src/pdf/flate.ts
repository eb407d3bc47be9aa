// ISO 32000-1 §7.4.4: FlateDecode, with the predictors that cross-reference and object streams use.
import { inflateBounded } from '../png/inflate.ts';
import { type PdfDictionary, parsePdfDictionary, pdfArray, pdfInteger, pdfName, pdfValue } from './pdf-syntax.ts';

/** Why a stream could not be decoded. */
export type PdfStreamFault = 'limit' | 'damaged' | 'unsupported';

/** How the bytes of a stream are wrapped: not at all, or by Flate once. */
interface Wrapping {
  readonly isFlate: boolean;
  readonly predictor: number;
  readonly columns: number;
}

/** The bytes of a stream, unwrapped; at most `limitBytes`. */
export const decodePdfStream = async (dictionary: PdfDictionary, data: Uint8Array, limitBytes: number): Promise<Uint8Array | PdfStreamFault> => {
  const wrapping = wrappingOf(dictionary);
  if (wrapping === undefined) {
    return 'unsupported';
  }
  if (!wrapping.isFlate) {
    return data.length > limitBytes ? 'limit' : data;
  }
  const inflated = await inflateTolerant(data, limitBytes);
  return typeof inflated === 'string' || wrapping.predictor === 1 ? inflated : withoutPredictor(inflated, wrapping.columns);
};

/** Many writers count an end of line into the length, and a strict inflater takes it for junk. */
const inflateTolerant = async (data: Uint8Array, limitBytes: number): Promise<Uint8Array | 'limit' | 'damaged'> => {
  for (let cut = 0; cut <= 2 && cut < data.length; cut += 1) {
    const inflated = await inflateBounded(data.subarray(0, data.length - cut), limitBytes);
    const last = data.at(-1 - cut);
    if (inflated !== 'damaged' || (last !== 0x0a && last !== 0x0d)) {
      return inflated;
    }
  }
  return 'damaged';
};

/** Whether a stream is wrapped in a way that is known here. */
const wrappingOf = (dictionary: PdfDictionary): Wrapping | undefined => {
  const filter = only(pdfValue(dictionary, 'Filter'));
  const parameters = only(pdfValue(dictionary, 'DecodeParms'));
  if (filter === 'many' || parameters === 'many' || pdfValue(dictionary, 'F') !== undefined) {
    return undefined;
  }
  if (filter === undefined) {
    return { isFlate: false, predictor: 1, columns: 1 };
  }
  const name = pdfName(filter);
  const parsed = parameters === undefined ? undefined : parsePdfDictionary(parameters, 0);
  const parameterOf = (key: string): number => (parsed === undefined ? 1 : (pdfInteger(pdfValue(parsed, key)) ?? 1));
  const predictor = parameterOf('Predictor');
  const isKnown = (name === 'FlateDecode' || name === 'Fl') && (predictor === 1 || predictor >= 10);
  return isKnown ? { isFlate: true, predictor, columns: parameterOf('Columns') } : undefined;
};

const only = (value: Uint8Array | undefined): Uint8Array | 'many' | undefined => {
  if (value === undefined || value[0] !== 0x5b) {
    return value?.[0] === 0x6e ? undefined : value;
  }
  const parts = pdfArray(value, 2);
  return parts === undefined || parts.length > 1 ? 'many' : only(parts[0]?.[0] === 0x5b ? undefined : parts[0]);
};

/** The filters of PNG over bytes (PNG 3rd ed. §9), each row with its own; a last row that is cut short is left out. */
const withoutPredictor = (bytes: Uint8Array, columns: number): Uint8Array | 'damaged' => {
  if (columns < 1 || columns >= bytes.length) {
    return bytes.length === 0 ? bytes : 'damaged';
  }
  const rows = Math.floor(bytes.length / (columns + 1));
  const decoded = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const filter = bytes[row * (columns + 1)] as number;
    if (filter > 4) {
      return 'damaged';
    }
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const left = column === 0 ? 0 : (decoded[at - 1] as number);
      const above = row === 0 ? 0 : (decoded[at - columns] as number);
      const corner = row === 0 || column === 0 ? 0 : (decoded[at - columns - 1] as number);
      decoded[at] = (bytes[row * (columns + 1) + 1 + column] as number) + prediction(filter, left, above, corner);
    }
  }
  return decoded;
};

const prediction = (filter: number, left: number, above: number, corner: number): number => {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const estimate = left + above - corner;
      const [toLeft, toAbove, toCorner] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)];
      return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
    default:
      return 0;
  }
};
