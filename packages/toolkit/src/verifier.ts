import { bytesSource, type FormatHint, type Inspection, inspect, type Report, verify } from '@aigc-label/core';
import { openFileSource } from '@aigc-label/files';
import { allFormats, allNoticeFinders, allRegimes, allVocabularies } from './parts.ts';

/** What one call may say. */
export interface VerifyCallOptions extends FormatHint {
  /** Whether the user who uploads the file says that it is generated (Measures Art. 6 item 2). The default is `false`. */
  readonly isDeclared?: boolean;
}

/** Verifies what a platform is given: bounded, offline, without native code; a damaged file is a verdict. */
export interface Verifier {
  verifyBytes(bytes: Uint8Array, options?: VerifyCallOptions): Promise<Report>;
  /** @throws LabelError `NOT_FOUND`, `NO_PERMISSION`, `NOT_A_FILE` or `IO_FAILED`, never for what is in the file. */
  verifyFile(path: string, options?: VerifyCallOptions): Promise<Report>;
  inspectBytes(bytes: Uint8Array, options?: FormatHint): Promise<Inspection>;
  /** @throws LabelError as `verifyFile`, and where the file is too damaged to be looked into. */
  inspectFile(path: string, options?: FormatHint): Promise<Inspection>;
}

/** A verifier with every format, vocabulary and regime of this project. */
export const createVerifier = (): Verifier => {
  const parts = { formats: allFormats, vocabularies: allVocabularies, regimes: allRegimes, noticeFinders: allNoticeFinders };
  const verifySource = (source: Parameters<typeof verify>[0], { isDeclared = false, ...hint }: VerifyCallOptions): Promise<Report> =>
    verify(source, parts, { hint, isDeclared });
  return {
    verifyBytes: (bytes, options = {}) => verifySource(bytesSource(bytes), options),
    verifyFile: (path, options = {}) => withFile(path, (source) => verifySource(source, { name: path, ...options })),
    inspectBytes: (bytes, options = {}) => inspect(bytesSource(bytes), parts, options),
    inspectFile: (path, options = {}) => withFile(path, (source) => inspect(source, parts, { name: path, ...options })),
  };
};

const withFile = async <Value>(path: string, use: (source: Awaited<ReturnType<typeof openFileSource>>) => Promise<Value>): Promise<Value> => {
  const source = await openFileSource(path);
  try {
    return await use(source);
  } finally {
    source.close();
  }
};
