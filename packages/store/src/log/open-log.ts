import { resolve } from 'node:path';
import {
  type ConsistencyProof,
  encodeBase64url,
  type InclusionProof,
  leafHash,
  logKey,
  MAXIMUM_LEAF_BYTES,
  type Signer,
  thumbprint,
  tileProofs,
  verifyConsistency,
  verifyInclusion,
  writeLogKey,
  writeProofBundle,
} from '@aigc-label/core';
import { appendQueue } from './append-queue.ts';
import { type LogDisk, nodeDisk } from './log-disk.ts';
import { logError, logErrorOf } from './log-error.ts';
import { appendLeaves, type LogPlace, type LogState, readState } from './log-state.ts';
import { nodeHashing } from './node-hashing.ts';
import { makeFolder } from './put-files.ts';
import { tilesIn } from './read-edge.ts';
import { takeLock, type WriterLock } from './writer-lock.ts';

/** How a log is opened. */
export interface OpenLogOptions {
  /** Holds the public files, just as they are served: `checkpoint` and `tile/…`. Made where it is not there. */
  readonly folder: string;
  /**
   * Holds what the writer remembers and its lock, which are not to be served; the default is a folder beside `folder`, called `<folder>.writer`. On another disk, or out of reach of whoever
   * restores backups, it also tells that the whole of `folder` was put back to an older state.
   */
  readonly stateFolder?: string;
  /** Which log: the first line of every checkpoint and the name of its key, a URL without its scheme (`example.com/aigc-log`). It never changes. */
  readonly origin: string;
  /** Ed25519. */
  readonly signer: Signer;
  /** The signer's public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The time, milliseconds since 1970. */
  readonly nowMillis: () => number;
  /** How long a leaf waits for others, so that they share a checkpoint; 0 to 1,000 milliseconds. Defaults to 100. */
  readonly maximumDelayMillis?: number;
  /** How long to wait for another process that writes the log, milliseconds. Defaults to 0: `locked` at once. */
  readonly maximumWaitMillis?: number;
  /** How the system is called; for tests. */
  readonly disk?: LogDisk;
}

/** A tamper-evident log that this process writes (spec/log.md). Others read its files, or a copy of them. */
export interface ProvenanceLog {
  /** The log's key in one line, for verifiers to pin (`readLogKey`). */
  readonly verifierKey: string;
  /** Leaves under the published checkpoint. */
  readonly size: number;
  /**
   * Appends a leaf (`leafOf`). When this returns, the leaf is durable under a published checkpoint and stays at this index for ever. The same bytes among the last 16,384 leaves have the index
   * that they got first, so that whoever was told of a failure, or of nothing, may ask again; older ones become a second leaf, which harms nobody.
   *
   * @param leaf at most 65,535 bytes; copied.
   * @throws LabelError `LOG_FAILED` with `data.reason`: the leaf may be in the log or not. The next call tries the disk again. TypeError where the leaf is too long.
   */
  append(leaf: Uint8Array): Promise<number>;
  /** The published checkpoint, a signed note. */
  checkpoint(): string;
  /** That leaf `index` is in the tree of the published checkpoint; verified before it is given. @throws LabelError `LOG_FAILED`; TypeError where there is no such leaf. */
  inclusion(index: number): Promise<InclusionProof>;
  /** That the published tree begins with the one of `oldSize` leaves; verified before it is given. @throws LabelError `LOG_FAILED`; TypeError where it was never that small. */
  consistency(oldSize: number): Promise<ConsistencyProof>;
  /**
   * The proof of leaf `index` that is verified offline (`verifyProofBundle`), to be kept beside the record (`.tlog-proof`).
   *
   * @param extra what a verifier needs to work out the leaf; for ours the salt.
   * @throws as `inclusion`.
   */
  bundle(index: number, extra?: Uint8Array): Promise<string>;
  /** Appends what is waiting, and lets go of the lock. */
  close(): Promise<void>;
}

/**
 * Opens the log of a folder for writing, or begins it. One process at a time; a lock of a killed one does not block.
 *
 * @throws LabelError `LOG_FAILED` with `data.reason` (`LogFailure`): above all where checkpoint or tiles are not what this log's key has signed last. TypeError for options that make no sense.
 */
export const openLog = async (options: OpenLogOptions): Promise<ProvenanceLog> => {
  const { signer, publicKey, nowMillis, maximumDelayMillis = 100, maximumWaitMillis = 0 } = options;
  const key = logKey(options.origin, publicKey, nodeHashing);
  if (signer.algorithm !== 'Ed25519' || signer.keyId !== (await thumbprint({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(publicKey) }))) {
    throw new TypeError('A log is signed with Ed25519, and publicKey is the key of its signer.');
  }
  if (!(maximumDelayMillis >= 0 && maximumDelayMillis <= 1_000)) {
    throw new TypeError('maximumDelayMillis is from 0 to 1000.');
  }
  const folder = resolve(options.folder);
  const place: LogPlace = {
    folder,
    stateFolder: stateFolderOf(options),
    key,
    signer,
    disk: options.disk ?? nodeDisk,
  };
  try {
    await makeFolder(folder, place.disk);
    await makeFolder(place.stateFolder, place.disk);
    const lock = await takeLock(place.stateFolder, { nowMillis, maximumWaitMillis }, place.disk);
    try {
      return writer(place, await readState(place), lock, maximumDelayMillis);
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    throw logErrorOf(error);
  }
};

/** The folder that holds what the writer remembers. */
export const stateFolderOf = ({ folder, stateFolder }: Pick<OpenLogOptions, 'folder' | 'stateFolder'>): string =>
  resolve(stateFolder ?? `${resolve(folder)}.writer`);

const writer = (place: LogPlace, opened: LogState, lock: WriterLock, delayMillis: number): ProvenanceLog => {
  let published = opened;
  // Unknown after a failure, until the disk has been read again.
  let current: LogState | undefined = opened;
  let isClosed = false;
  const readTile = tilesIn(place.folder, place.disk);

  const write = async (leaves: readonly Uint8Array[]): Promise<readonly number[]> => {
    await lock.check();
    const state = current ?? (await readState(place));
    current = state;
    published = state;
    const keys = leaves.map((leaf) => encodeBase64url(leafHash(leaf, nodeHashing)));
    const fresh = new Map(leaves.flatMap((leaf, at) => (state.recent.has(keys[at] as string) ? [] : [[keys[at] as string, leaf] as const])));
    const indexes = new Map(keys.map((key) => [key, state.recent.get(key) ?? state.head.size + [...fresh.keys()].indexOf(key)]));
    if (fresh.size > 0) {
      current = undefined;
      current = await appendLeaves(place, state, [...fresh.values()]);
      published = current;
    }
    return keys.map((key) => indexes.get(key) as number);
  };
  const queue = appendQueue(write, delayMillis);

  const inclusion = async (index: number, { head }: LogState): Promise<InclusionProof> => {
    if (!Number.isInteger(index) || index < 0 || index >= head.size) {
      throw new TypeError(`The log has no leaf ${index}; it has ${head.size} leaves.`);
    }
    const proofs = tileProofs(head.size, readTile, nodeHashing);
    const [leaf, proof] = await fromDisk(async () => [await proofs.leaf(index), await proofs.inclusion(index)] as const);
    if (leaf === undefined || proof === undefined || !verifyInclusion(proof, leaf, head.root, nodeHashing).isIncluded) {
      throw logError('tile_damaged', `its tiles no longer prove leaf ${index}`, { index });
    }
    return proof;
  };

  return {
    verifierKey: writeLogKey(place.key),
    get size() {
      return published.head.size;
    },
    append: async (leaf) => {
      if (!(leaf instanceof Uint8Array) || leaf.length > MAXIMUM_LEAF_BYTES) {
        throw new TypeError(`A leaf has at most ${MAXIMUM_LEAF_BYTES} bytes.`);
      }
      if (isClosed) {
        throw logError('closed', 'it was closed');
      }
      return queue.append(leaf.slice());
    },
    checkpoint: () => published.checkpoint,
    inclusion: (index) => inclusion(index, published),
    consistency: async (oldSize) => {
      const { head } = published;
      if (!Number.isInteger(oldSize) || oldSize < 0 || oldSize > head.size) {
        throw new TypeError(`The log never had ${oldSize} leaves; it has ${head.size}.`);
      }
      const proofs = tileProofs(head.size, readTile, nodeHashing);
      const [oldRoot, proof] = await fromDisk(async () => [await proofs.root(oldSize), await proofs.consistency(oldSize)] as const);
      if (oldRoot === undefined || proof === undefined || !verifyConsistency(proof, oldRoot, head.root, nodeHashing).isConsistent) {
        throw logError('tile_damaged', `its tiles no longer prove the tree of ${oldSize} leaves`, { oldSize });
      }
      return proof;
    },
    bundle: async (index, extra) => {
      const state = published;
      const { hashes } = await inclusion(index, state);
      return writeProofBundle({ ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint: state.checkpoint });
    },
    close: async () => {
      isClosed = true;
      await queue.drain();
      await fromDisk(() => lock.release());
    },
  };
};

const fromDisk = async <Value>(work: () => Promise<Value>): Promise<Value> => {
  try {
    return await work();
  } catch (error) {
    throw logErrorOf(error);
  }
};
