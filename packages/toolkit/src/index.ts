export * from '@aigc-label/core';
export { fileError, openFileSource, pendingFiles, sweepTemporaries, TEMPORARY_SUFFIX, writeAtomically } from '@aigc-label/files';
export * from './explicit.ts';
export * from './labeler.ts';
export { allFormats, allRegimes } from './parts.ts';
export * from './verifier.ts';
