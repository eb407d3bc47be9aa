// Adobe Photoshop File Formats Specification (2019), "Photoshop File Format": header, colour mode data, image resources; the rest has no offsets from the start.
import { type Anomaly, type ByteSource, latin1, startsWith, u32At, u32be, utf8 } from '@aigc-label/core';

/** "8BPS", a version (1: PSD, 2: PSB), six bytes that must be zero. */
const SIGNATURE = utf8('8BPS');
const HEADER_BYTES = 26;

/** Resources that are walked; Photoshop knows about a hundred kinds. */
const MAXIMUM_RESOURCES = 2048;
/** One read of the walk: the longest head of a resource has 268 bytes. Times `MAXIMUM_RESOURCES` this is 1 MiB, the most that a walk reads. */
const WINDOW_BYTES = 512;
/** Signatures of image resource blocks; the first is Photoshop's, the others are ImageReady's and other programs'. */
const BLOCK_SIGNATURES: readonly string[] = ['8BIM', 'MeSa', 'AgHg', 'PHUT', 'DCSR'];

/** One image resource block. Offsets and sizes in bytes. */
export interface PsdResource {
  readonly id: number;
  readonly start: number;
  /** Where its 32-bit size stands; the data follow. */
  readonly sizeAt: number;
  readonly dataStart: number;
  readonly sizeBytes: number;
  /** Behind the byte that pads the data to an even length. */
  readonly end: number;
}

/** The image resources of a Photoshop file. */
export interface Psd {
  /** Where the length of the section stands, or `undefined` where the file ends before it. */
  readonly lengthAt: number | undefined;
  /** Behind the last block that was understood. */
  readonly end: number;
  readonly resources: readonly PsdResource[];
  /** Whether the blocks fill their section and the section lies inside the file: only then it may be edited. */
  readonly isComplete: boolean;
  readonly anomalies: readonly Anomaly[];
}

/** Whether a file begins as PSD or PSB does. */
export const isPsd = (head: Uint8Array): boolean =>
  startsWith(head, SIGNATURE) &&
  head[4] === 0 &&
  (head[5] === 1 || head[5] === 2) &&
  head.subarray(6, 12).length === 6 &&
  head.subarray(6, 12).every((byte) => byte === 0);

/** Walks the image resources, heads only; damage is an anomaly beside what could be read. */
export const readPsd = async (source: ByteSource): Promise<Psd> => {
  const site = 'psd/resources';
  const stopped = (code: Anomaly['code'], offset: number, detail: string, rest: Partial<Psd> = {}): Psd => ({
    lengthAt: undefined,
    end: offset,
    resources: [],
    ...rest,
    isComplete: false,
    anomalies: [{ code, site, offset, detail }],
  });
  if (source.size < HEADER_BYTES + 8) {
    return stopped('truncated', source.size, 'the file ends before its image resources');
  }
  const lengthAt = HEADER_BYTES + 4 + u32At(await source.read(HEADER_BYTES, 4), 0);
  if (lengthAt + 4 > source.size) {
    return stopped('truncated', HEADER_BYTES, 'the colour mode data reach beyond the end of the file');
  }
  const sectionEnd = lengthAt + 4 + u32At(await source.read(lengthAt, 4), 0);
  const resources: PsdResource[] = [];
  let position = lengthAt + 4;
  let window: Uint8Array = new Uint8Array();
  let windowAt = 0;
  while (position < sectionEnd) {
    if (resources.length >= MAXIMUM_RESOURCES) {
      return stopped('limit', position, `more than ${MAXIMUM_RESOURCES} image resources`, { lengthAt, resources });
    }
    if (position + 268 > windowAt + window.length || position < windowAt) {
      window = await source.read(Math.min(position, source.size), Math.max(0, Math.min(WINDOW_BYTES, source.size - position)));
      windowAt = position;
    }
    const resource = resourceAt(window.subarray(position - windowAt), position);
    if (typeof resource === 'string') {
      return stopped(position >= source.size ? 'truncated' : 'damaged', position, resource, { lengthAt, resources });
    }
    if (resource.end > sectionEnd || resource.end > source.size) {
      return stopped(resource.end > source.size ? 'truncated' : 'damaged', position, 'an image resource reaches beyond its section', {
        lengthAt,
        resources,
      });
    }
    resources.push(resource);
    position = resource.end;
  }
  if (sectionEnd > source.size) {
    return stopped('truncated', lengthAt, 'the image resources reach beyond the end of the file', { lengthAt, resources, end: position });
  }
  return { lengthAt, end: position, resources, isComplete: true, anomalies: [] };
};

const resourceAt = (head: Uint8Array, start: number): PsdResource | string => {
  if (!BLOCK_SIGNATURES.includes(latin1(head.subarray(0, 4)))) {
    return 'an image resource does not begin with 8BIM';
  }
  // A Pascal string: its length, its bytes, and one more where both are odd together.
  const nameBytes = ((head[6] ?? 0) + 2) & ~1;
  const sizeAt = 6 + nameBytes;
  if (sizeAt + 4 > head.length) {
    return 'an image resource ends in its head';
  }
  const sizeBytes = u32At(head, sizeAt);
  const dataStart = start + sizeAt + 4;
  return { id: u32At(head, 4) >>> 16, start, sizeAt: start + sizeAt, dataStart, sizeBytes, end: dataStart + sizeBytes + (sizeBytes & 1) };
};

/** An image resource block without a name, padded to an even length. */
export const psdResource = (id: number, data: Uint8Array): Uint8Array => {
  const block = new Uint8Array(12 + data.length + (data.length & 1));
  block.set(utf8('8BIM'));
  block.set([id >>> 8, id & 0xff, 0, 0], 4);
  block.set(u32be(data.length), 8);
  block.set(data, 12);
  return block;
};
