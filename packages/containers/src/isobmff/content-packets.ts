import { type ByteSource, equalBytes, startsWith, TC260_XMP, utf8 } from '@aigc-label/core';
import { locateXmp } from '../xmp/locate-xmp.ts';
import { XMP_LIMIT_BYTES } from '../xmp/read-xmp.ts';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import { isZero } from './content-carriers.ts';

/** XMP part 3 §1.1.4 (MPEG-4). */
const XMP_USER_TYPE = 'be7acfcb97a942e89c71999491e3afac';
/** C2PA 2.x, "Embedding manifests into BMFF". */
const C2PA_USER_TYPE = 'd8fec3d61b0e483c92975828877ec481';
/** The type of a superbox that is a C2PA manifest store: `c2pa`, then the tail that JUMBF gives to types of four letters. */
const MANIFEST_STORE: Uint8Array = Uint8Array.of(0x63, 0x32, 0x70, 0x61, 0x00, 0x11, 0x00, 0x10, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71);
/** Real stores nest four superboxes. */
const MAXIMUM_DEPTH = 16;

/** What may still be parsed as XMP, in bytes: packets beyond it are content. */
export interface PacketBudget {
  left: number;
}

/** For all packets of a file. */
export const packetBudget = (): PacketBudget => ({ left: 4 * XMP_LIMIT_BYTES });

/** Whether a box holds an XMP packet (well-formed, one `rdf:RDF`, white space and NULs around it) or a C2PA manifest store, and nothing else. */
export const isMetadataBox = async (source: ByteSource, box: Box, budget: BoxBudget, packets: PacketBudget): Promise<boolean> => {
  const size = contentSize(box);
  if (box.userType === XMP_USER_TYPE || box.type === 'XMP_') {
    if (size === 0 || size > Math.min(packets.left, XMP_LIMIT_BYTES)) {
      return false;
    }
    packets.left -= size;
    return locateXmp(await source.read(contentOf(box), size), TC260_XMP)?.rdf !== undefined;
  }
  return box.userType === C2PA_USER_TYPE && isManifestStore(source, box, budget);
};

/** Version and flags 0, a purpose, an offset of 8 bytes, one manifest store, zeros; rows of a Merkle tree (`merkle`) belong to fragments and are covered. */
const isManifestStore = async (source: ByteSource, box: Box, budget: BoxBudget): Promise<boolean> => {
  const head = await source.read(contentOf(box), Math.min(64, contentSize(box)));
  const purpose = ['manifest', 'original', 'update'].find((one) => startsWith(head, utf8(`\0\0\0\0${one}\0`)));
  const start = contentOf(box) + 4 + (purpose?.length ?? 0) + 9;
  if (purpose === undefined || start + 8 > box.end) {
    return false;
  }
  const { boxes, end } = await listBoxes(source, start, box.end, budget);
  const [store, second] = boxes;
  return store?.type === 'jumb' && second === undefined && (await isZero(source, end, box.end)) && (await isSuperbox(source, store, budget, 0));
};

/** Boxes fill a superbox to the byte, and the first of them describes it (ISO 19566-5). */
const isSuperbox = async (source: ByteSource, box: Box, budget: BoxBudget, depth: number): Promise<boolean> => {
  const { boxes, rest } = await listBoxes(source, contentOf(box), box.end, budget);
  const [description, ...others] = boxes;
  if (rest !== undefined || description?.type !== 'jumd' || contentSize(description) < 17 || depth > MAXIMUM_DEPTH) {
    return false;
  }
  if (depth === 0 && !equalBytes(await source.read(contentOf(description), 16), MANIFEST_STORE)) {
    return false;
  }
  for (const other of others) {
    if (other.type === 'jumb' && !(await isSuperbox(source, other, budget, depth + 1))) {
      return false;
    }
  }
  return true;
};
