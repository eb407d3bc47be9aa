import {
  type ByteSource,
  blobSource,
  bytesSource,
  type FormatHint,
  type Inspection,
  inspect,
  type NoticeSearch,
  type ProvenanceOptions,
  type RecordLookup,
  type Report,
  type SidecarReader,
  type TrustList,
  verify,
} from '@aigc-label/core';
import { BLOCKING_BYTES, type ByteStream, openFileSource, readWhole } from '@aigc-label/files';
import { nameOf } from './apply-to-blob.ts';
import { hintOf } from './apply-to-bytes.ts';
import { spooledSource } from './apply-to-stream.ts';
import { lazyFingerprints } from './lazy-fingerprints.ts';
import { verifyParts } from './parts.ts';
import { readSidecarOf, sidecarOf } from './sidecar-file.ts';

/** What one call may say of a file. */
export interface InspectCallOptions extends FormatHint {
  /** The file's sidecar; for files on the disk `<name>.xmp` is the default. */
  readonly sidecar?: Uint8Array | SidecarReader;
}

/** What is the same for every file that a platform verifies; each call may say otherwise. Nothing of it is ever taken from a file or fetched. */
export interface VerifierOptions {
  /** The keys that are trusted, and for whom (`readTrustList`). Without them every signature is by an unknown key, and a signed label is worth what an unsigned one is. */
  readonly trust?: TrustList;
  /** A store of records: it knows numbers that were given twice, and when a record was made. */
  readonly records?: RecordLookup;
  /** Says whether a record stands in a tamper-evident log, and since when (`proofOf`). */
  readonly log?: ProvenanceOptions['log'];
  /** What a label counts for whose signature speaks against it: `suspected` (the default), or `generated` as a strict reading of Measures Art. 6 item 1 has it. */
  readonly onUnverified?: 'suspected' | 'generated';
  /** Whether pictures whose bytes are not those that were signed are looked at, where what they looked like was signed, too: a transcode, or another picture. It decodes. The default is `false`. */
  readonly soft?: boolean;
}

/** As for inspecting, and what a verdict depends on. */
export interface VerifyCallOptions extends InspectCallOptions, VerifierOptions {
  /** Whether the user who uploads the file says that it is generated (Measures Art. 6 item 2). The default is `false`. */
  readonly isDeclared?: boolean;
  /**
   * Whether explicit labels are looked for in pixels and sound, too: `true`, or with the words that the service writes besides the presets. The default is `false`, since it
   * takes decoding: PNG, JPEG, GIF, WebP and uncompressed sound by our own code, compressed sound and video by ffmpeg in a process of its own.
   */
  readonly explicit?: boolean | NoticeSearch;
}

/** Verifies what a platform is given: bounded, offline, without native code; a damaged file is a verdict. */
export interface Verifier {
  verifyBytes(bytes: Uint8Array, options?: VerifyCallOptions): Promise<Report>;
  /** @throws LabelError `NOT_FOUND`, `NO_PERMISSION`, `NOT_A_FILE` or `IO_FAILED`, never for what is in the file. */
  verifyFile(path: string, options?: VerifyCallOptions): Promise<Report>;
  /** @throws what reading the blob throws, never for what is in it. */
  verifyBlob(blob: Blob, options?: VerifyCallOptions): Promise<Report>;
  /** Takes a stream (Node's or the web's) to its end first, in memory up to 8 MiB and on the disk up to 8 GiB. @throws LabelError `LIMIT_EXCEEDED`, `DISK_FULL`, `IO_FAILED`, and what the stream throws. */
  verifyStream(stream: ByteStream, options?: VerifyCallOptions): Promise<Report>;
  inspectBytes(bytes: Uint8Array, options?: InspectCallOptions): Promise<Inspection>;
  /** @throws LabelError as `verifyFile`, and where the file is too damaged to be looked into. */
  inspectFile(path: string, options?: InspectCallOptions): Promise<Inspection>;
}

/** A verifier with every format, vocabulary and regime of this project. */
export const createVerifier = (defaults: VerifierOptions = {}): Verifier => ({
  verifyBytes: (bytes, options = {}) => verifySource(bytesSource(bytes), { ...defaults, ...options }),
  verifyFile: (path, options = {}) =>
    withFile(path, async (file) => {
      const whole = file.size > 0 && file.size <= BLOCKING_BYTES ? await readWhole(file) : undefined;
      // A small file is read at once: many small reads of it cost more, and a signature covers all of it.
      const source = whole === undefined ? file : { ...bytesSource(whole.bytes), path: file.path };
      try {
        return await verifySource(source, { ...defaults, name: path, sidecar: () => readSidecarOf(path), ...options });
      } finally {
        whole?.release();
      }
    }),
  verifyBlob: (blob, options = {}) => verifySource(blobSource(blob), nameOf(blob, { ...defaults, ...options })),
  async verifyStream(stream, options = {}) {
    const { source, release } = await spooledSource(stream);
    try {
      return await verifySource(source, { ...defaults, ...options });
    } finally {
      await release();
    }
  },
  inspectBytes: (bytes, options = {}) => inspectSource(bytesSource(bytes), options),
  inspectFile: (path, options = {}) =>
    withFile(path, (source) => inspectSource(source, { name: path, sidecar: () => readSidecarOf(path), ...options })),
});

const verifySource = (source: ByteSource, options: VerifyCallOptions): Promise<Report> => {
  const { isDeclared = false, explicit = false, sidecar, trust, records, log, onUnverified, soft = false } = options;
  const search = explicit === true ? {} : explicit;
  return verify(source, verifyParts, {
    hint: hintOf(options),
    isDeclared,
    ...(search === false ? {} : { explicit: search }),
    ...(trust === undefined ? {} : { trust }),
    ...(records === undefined ? {} : { records }),
    ...(log === undefined ? {} : { log }),
    ...(onUnverified === undefined ? {} : { onUnverified }),
    ...(soft ? { fingerprints: lazyFingerprints } : {}),
    ...sidecarOf(sidecar),
  });
};

const inspectSource = (source: ByteSource, { sidecar, ...hint }: InspectCallOptions): Promise<Inspection> =>
  inspect(source, verifyParts, { ...hint, ...sidecarOf(sidecar) });

const withFile = async <Value>(path: string, use: (source: Awaited<ReturnType<typeof openFileSource>>) => Promise<Value>): Promise<Value> => {
  const source = await openFileSource(path);
  try {
    return await use(source);
  } finally {
    source.close();
  }
};
