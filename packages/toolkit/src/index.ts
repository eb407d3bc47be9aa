export * from '@aigc-label/core';
export {
  type ByteStream,
  borrowPath,
  fileError,
  openFileSource,
  pendingFiles,
  spool,
  sweepTemporaries,
  TEMPORARY_SUFFIX,
  writeAtomically,
} from '@aigc-label/files';
export {
  asksForJson,
  type NoticeEventsOptions,
  type NoticeStreamOptions,
  noticeJsonLines,
  noticeSse,
  noticeStream,
  noticeTokens,
  type StreamNoticePosition,
} from '@aigc-label/text';
export type { BlobOutcome } from './apply-to-blob.ts';
export type { BytesOutcome, LabelOutcome, NameOptions } from './apply-to-bytes.ts';
export type { FileOutcome, WriteFileOptions } from './apply-to-file.ts';
export type { StreamOutcome } from './apply-to-stream.ts';
export * from './carry.ts';
export * from './explicit.ts';
export * from './labeler.ts';
export * from './log-answer.ts';
export { nodeHashing } from './node-hashing.ts';
export { allFormats, allRegimes } from './parts.ts';
export * from './preview.ts';
export * from './propagator.ts';
export * from './repair.ts';
export { sidecarPathOf } from './sidecar-file.ts';
export type { ProvenanceSettings, RecordLog } from './signing-options.ts';
export * from './trace.ts';
export * from './verifier.ts';
