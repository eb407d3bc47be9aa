// JPEG XL: what a signed digest covers (spec/content/isobmff.md §6). A codestream alone and the same in a container are one content: labelling makes a container around it.
import { type Box, type BoxFile, boxBudget, contentOf, contentSize, leaf, leafHead, noBox, readBoxChain } from '@aigc-label/containers';
import {
  ascii,
  type ByteRange,
  type ByteSource,
  type ContentPart,
  type ContentPiece,
  type ContentPlan,
  concat,
  equalBytes,
  LabelError,
  latin1,
  u32At,
  u32be,
} from '@aigc-label/core';
import { inflateBrotli } from '../brotli.ts';
import { JXL_BOXES } from '../jxl-labels.ts';
import { type BoxMetadata, boxMetadata, isManifestBox, mayLookInto, plainPieces } from './box-metadata.ts';
import { addCarrier, renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { xmpRendering } from './xmp-rendering.ts';

const METHOD = 'jxl-1';
/** The `ftyp` that every encoder writes; another one is covered. */
const FILE_TYPE = concat(ascii('jxl '), u32be(0), ascii('jxl '));
/** What stands before the TIFF header in an Exif box: its offset, which is 0, or 6 where `Exif` and two zeros stand there. */
const MAXIMUM_EXIF_PREFIX_BYTES = 6;

/** A codestream without a container: all of it. */
export const jxlCodestreamContent = (source: ByteSource): ContentPlan => planOf([], [{ start: 0, end: source.size }], [], []);

/** A container: every box but XMP, Exif and a C2PA manifest store, compressed or not. Throws `LabelError` `FORMAT_UNSUPPORTED_FEATURE` where there is no Brotli decoder here. */
export const jxlContent = async (source: ByteSource): Promise<ContentPlan> => {
  const file = await readBoxChain(source, JXL_BOXES, boxBudget());
  const metadata = boxMetadata();
  const carriers: ByteRange[] = [];
  const kept: Box[] = [];
  for (const [index, box] of file.boxes.entries()) {
    if (await isMetadata(source, box, metadata)) {
      addCarrier(carriers, { start: box.offset, end: box.end });
    } else if (index > 1 || !(await isHead(source, box, index))) {
      kept.push(box);
    }
  }
  const isPlain = kept.length === 1 && kept[0]?.type === 'jxlc' && file.rest === undefined;
  const boxes = isPlain ? [] : kept.flatMap((box) => (isPicture(box) ? [leafHead(box.type, contentSize(box))] : plainPieces(leaf(box))));
  const picture = kept.filter(isPicture).map((box): ByteRange => ({ start: contentOf(box), end: box.end }));
  return { ...planOf([...boxes, ...restOf(file, source.size)], picture, metadata.exif, metadata.xmp), carriers };
};

const planOf = (boxes: readonly ContentPiece[], picture: readonly ByteRange[], exif: readonly string[], xmp: readonly string[]): ContentPlan => {
  const parts: ContentPart[] = [
    { name: 'boxes', pieces: boxes },
    { name: 'codestream', pieces: picture, isPerceived: true },
    renderingPart(exif, xmp),
  ];
  return { method: METHOD, parts, carriers: [] };
};

const isPicture = ({ type }: Box): boolean => type === 'jxlc' || type === 'jxlp';

const restOf = ({ rest }: BoxFile, size: number): readonly ContentPiece[] =>
  rest === undefined ? [] : plainPieces(noBox({ start: rest.offset, end: size }));

/** The signature, which is known, and the usual `ftyp`: a codestream alone has neither. */
const isHead = async (source: ByteSource, box: Box, index: number): Promise<boolean> =>
  index === 0 ||
  (box.type === 'ftyp' && contentSize(box) === FILE_TYPE.length && equalBytes(await source.read(contentOf(box), contentSize(box)), FILE_TYPE));

const isMetadata = async (source: ByteSource, box: Box, metadata: BoxMetadata): Promise<boolean> => {
  const size = contentSize(box);
  if (box.type === 'jumb') {
    return isManifestBox(source, box);
  }
  const isCompressed = box.type === 'brob' && size > 4;
  const kind = isCompressed ? latin1(await source.read(contentOf(box), 4)) : box.type;
  if ((kind !== 'xml ' && kind !== 'Exif') || !mayLookInto(metadata, size)) {
    return false;
  }
  const stored = await source.read(contentOf(box), size);
  const bytes = isCompressed ? await inflated(stored.subarray(4), metadata) : stored;
  const value = bytes === undefined ? undefined : kind === 'xml ' ? xmpRendering(bytes) : await exifValue(bytes);
  if (value !== undefined) {
    (kind === 'xml ' ? metadata.xmp : metadata.exif).push(value);
  }
  return value !== undefined;
};

const exifValue = async (bytes: Uint8Array): Promise<string | undefined> => {
  const prefix = u32At(bytes, 0);
  return bytes.length < 4 || prefix > MAXIMUM_EXIF_PREFIX_BYTES ? undefined : exifRendering(bytes.subarray(4 + prefix));
};

/** A Brotli stream that ends where its box does: without its last byte it must be none, for decoders pass over what follows. */
const inflated = async (stored: Uint8Array, metadata: BoxMetadata): Promise<Uint8Array | undefined> => {
  const bytes = await inflateBrotli(stored, metadata.left);
  if (bytes === 'missing') {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The metadata is compressed with Brotli, and there is no decoder here; use Node.', {
      data: { site: 'jxl/brob' },
    });
  }
  if (typeof bytes === 'string' || (await inflateBrotli(stored.subarray(0, stored.length - 1), metadata.left)) !== 'damaged') {
    metadata.left = bytes === 'limit' ? 0 : metadata.left;
    return undefined;
  }
  metadata.left -= bytes.length;
  return bytes;
};
