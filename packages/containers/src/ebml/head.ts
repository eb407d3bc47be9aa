// The EBML Header: RFC 8794 §11.2.
import { type ByteSource, damaged, LabelError, latin1 } from '@aigc-label/core';
import { EBML_ID, type ElementHeader, parseElementHeader, uintOf } from './element.ts';

/** An honest header has 31 to 60 bytes. */
const MAXIMUM_HEAD_BYTES = 4096;

/** What the header of a file says. */
export interface EbmlHead {
  /** `matroska`, `webm`; `undefined` where it is left out. */
  readonly docType: string | undefined;
  /** The longest size field that readers of this file expect, in bytes. */
  readonly maximumSizeWidth: number;
  /** Where the header ends. */
  readonly end: number;
}

/**
 * The EBML header of a file.
 * @throws LabelError `FILE_DAMAGED` where there is none, `FORMAT_UNSUPPORTED_FEATURE` where IDs or sizes are longer than Matroska's (RFC 9559 §5.1.1).
 */
export const readEbmlHead = async (source: ByteSource): Promise<EbmlHead> => {
  const bytes = await source.read(0, Math.min(MAXIMUM_HEAD_BYTES, source.size));
  const head = parseEbmlHead(bytes);
  if (head === undefined || head.end > bytes.length) {
    throw damaged('ebml', 0, 'the EBML header has no end');
  }
  if (head.maximumIdWidth > 4 || head.maximumSizeWidth > 8) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The file says that its element IDs or sizes are longer than Matroska allows; remux it.', {
      data: { site: 'ebml', offset: 0 },
    });
  }
  return head;
};

/** The header at the start of `bytes`, as far as they go; `undefined` where there is none. */
export const parseEbmlHead = (bytes: Uint8Array): (EbmlHead & { readonly maximumIdWidth: number }) | undefined => {
  const header = parseElementHeader(bytes, 0);
  if (header?.id !== EBML_ID.ebml || header.sizeBytes === undefined) {
    return undefined;
  }
  const end = header.headerBytes + header.sizeBytes;
  let docType: string | undefined;
  let maximumIdWidth = 4;
  let maximumSizeWidth = 8;
  let position = header.headerBytes;
  for (let child: ElementHeader | undefined; position < Math.min(end, bytes.length); position += child.headerBytes + (child.sizeBytes ?? 0)) {
    child = parseElementHeader(bytes, position);
    if (child?.sizeBytes === undefined) {
      break;
    }
    const dataStart = position + child.headerBytes;
    if (dataStart + child.sizeBytes > Math.min(end, bytes.length)) {
      break;
    }
    const data = bytes.subarray(dataStart, dataStart + child.sizeBytes);
    if (child.id === EBML_ID.docType) {
      // A string may end early, at a zero (RFC 8794 §7.4).
      docType ??= latin1(data).split('\0', 1)[0];
    } else if (child.id === EBML_ID.maxIdLength) {
      maximumIdWidth = uintOf(data);
    } else if (child.id === EBML_ID.maxSizeLength) {
      maximumSizeWidth = uintOf(data);
    }
  }
  return { docType, maximumIdWidth, maximumSizeWidth, end };
};
