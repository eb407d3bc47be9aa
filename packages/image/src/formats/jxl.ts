// No guide names JPEG XL; XMP as for the formats that TC260-PG-20259A names, in the box of ISO/IEC 18181-2: docs/decisions/0014.
import { type BoxEdit, type BoxFile, boxBudget, boxBytes, contentOf, cutBoxType, planBoxEdits, spliceXmp } from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  applySplices,
  ascii,
  type ByteSource,
  concat,
  damaged,
  type Format,
  LabelError,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
  u32be,
  viewOf,
} from '@aigc-label/core';
import { jxlCodestreamContent, jxlContent } from '../content/jxl-content.ts';
import { holdsControls } from '../control-bytes.ts';
import { JXL_BOXES, type JxlPiece, jxlLabels } from '../jxl-labels.ts';

const SIGNATURE: Uint8Array = boxBytes('JXL ', Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a));
const FILE_TYPE: Uint8Array = boxBytes('ftyp', ascii('jxl '), u32be(0), ascii('jxl '));
/** The first two bytes of a codestream without a container (ISO/IEC 18181-1 §9.1); "ÿ" and a new line could begin a text, too. */
const CODESTREAM = Uint8Array.of(0xff, 0x0a);

/** JPEG XL: a container, or a codestream, which gets a container around it. */
export const jxl: Format = {
  id: 'jxl',
  modality: 'image',
  mediaTypes: ['image/jxl'],
  extensions: ['.jxl'],
  place: { description: 'box "xml ", TC260:AIGC', source: 'docs/decisions/0014', certainty: 'decision' },
  matches: (head) => startsWith(head, SIGNATURE) || (startsWith(head, CODESTREAM) && holdsControls(head)),
  async read(source) {
    if (await isCodestream(source)) {
      return { found: [], anomalies: [] };
    }
    const { slots, anomalies } = await jxlLabels(source, boxBudget());
    return { found: slots, anomalies };
  },
  plan: async (source, slot) =>
    (await isCodestream(source)) ? [{ at: 0, remove: 0, insert: containerHead(source.size, slot) }] : planContainer(source, slot),
  content: async (source) => ((await isCodestream(source)) ? jxlCodestreamContent(source) : jxlContent(source)),
};

const isCodestream = async (source: ByteSource): Promise<boolean> =>
  source.size >= CODESTREAM.length && startsWith(await source.read(0, CODESTREAM.length), CODESTREAM);

/** What stands before a codestream in a container: its bytes stay as they are, as the content of the last box. */
const containerHead = (sizeBytes: number, slot: SlotText): Uint8Array => {
  const xmp = boxBytes('xml ', spliceXmp(undefined, TC260_XMP, slot));
  return concat(SIGNATURE, FILE_TYPE, xmp, codestreamHeader(sizeBytes));
};

const codestreamHeader = (sizeBytes: number): Uint8Array => {
  if (sizeBytes + 8 <= 0xffff_ffff) {
    return concat(u32be(sizeBytes + 8), ascii('jxlc'));
  }
  const wide = concat(u32be(1), ascii('jxlc'), new Uint8Array(8));
  viewOf(wide).setBigUint64(8, BigInt(sizeBytes + 16));
  return wide;
};

const planContainer = async (source: ByteSource, slot: SlotText): Promise<readonly Splice[]> => {
  const budget = boxBudget();
  const { file, pieces, hasMore } = await jxlLabels(source, budget);
  refuse(file, hasMore);
  const kept = pieces.find(({ isPlace }) => isPlace) ?? pieces.find(({ isXmp, holdsLabel }) => isXmp && holdsLabel);
  const edits = pieces.flatMap((piece) => pieceEdits(piece, piece === kept, slot));
  if (kept === undefined) {
    edits.push({ at: placeOf(file), remove: 0, insert: boxBytes('xml ', spliceXmp(undefined, TC260_XMP, slot)), parents: [] });
  }
  return planBoxEdits(source, file, edits, budget);
};

const refuse = (file: BoxFile, hasMore: boolean): void => {
  const cut = cutBoxType(file, JXL_BOXES);
  if (cut !== undefined && cut !== 'jxlc' && cut !== 'jxlp') {
    throw damaged(`jxl/${cut}`, file.end, 'the file ends inside this box');
  }
  const [, type] = file.boxes;
  if (type?.type !== 'ftyp' || type.sizeField === 'toEnd') {
    throw damaged('jxl', file.boxes[0]?.end ?? 0, 'no ftyp box follows the signature');
  }
  if (cut === undefined && file.boxes.every(({ type: name }) => name !== 'jxlc' && name !== 'jxlp')) {
    throw damaged('jxl', file.end, 'there is no picture (jxlc, jxlp)');
  }
  if (hasMore) {
    throw new LabelError('LIMIT_EXCEEDED', 'The picture holds more boxes of metadata than are looked at; save it with less of it.', {
      data: { site: 'jxl' },
    });
  }
};

/** Behind the head of the file, where a reader that streams finds it before the picture. `jxll` has to follow `ftyp` at once. */
const placeOf = ({ boxes }: BoxFile): number => {
  const [, type, level] = boxes;
  return (level?.type === 'jxll' && level.sizeField !== 'toEnd' ? level : type)?.end ?? 0;
};

/** A compressed box with a label is written plain: readers that have no Brotli have to find it. One without stays as it is. */
const pieceEdits = ({ box, kind, isCompressed, site, bytes, isXmp, exif }: JxlPiece, isKept: boolean, slot: SlotText): readonly BoxEdit[] => {
  if (bytes === undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The metadata in ${site} at byte ${box.offset} cannot be read, and may hold a label; save the picture with plain metadata.`,
      { data: { site, offset: box.offset } },
    );
  }
  const blanked = exif.map((label) => label.blanked);
  const edited = isXmp ? xmpWithOneLabel(bytes, TC260_XMP, isKept, slot, { site }) : blanked.length === 0 ? bytes : applySplices(bytes, blanked);
  if (isCompressed) {
    return edited === bytes ? [] : [{ at: box.offset, remove: box.size, insert: boxBytes(kind, edited), parents: [] }];
  }
  return edited === bytes ? [] : [{ at: contentOf(box), remove: bytes.length, insert: edited, parents: [box] }];
};
