// TC260-PG-20259A, main scheme: XMP; XMP part 3 §1.1.5 says where JPEG 2000 carries it.
import { type BoxEdit, type BoxFile, boxBudget, boxBytes, contentOf, cutBoxType, planBoxEdits, spliceXmp } from '@aigc-label/containers';
import { xmpWithOneLabel } from '@aigc-label/containers/internal';
import {
  applySplices,
  ascii,
  type ByteSource,
  damaged,
  type Format,
  LabelError,
  noPlaceInside,
  type SlotText,
  type Splice,
  startsWith,
  TC260_XMP,
  u32be,
  wholeFile,
} from '@aigc-label/core';
import { jp2Content } from '../content/jpeg-2000-content.ts';
import { holdsControls } from '../control-bytes.ts';
import { J2K_START, j2kComments } from '../j2k-comments.ts';
import { JP2_BOXES, type Jp2Labels, type Jp2Piece, jp2Labels, XMP_USER_TYPE } from '../jp2-labels.ts';
import { IMAGE_GUIDE } from '../place.ts';

const ID = 'jpeg-2000';
const SIGNATURE: Uint8Array = boxBytes('jP  ', Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a));
const USER_TYPE: Uint8Array = Uint8Array.from(XMP_USER_TYPE.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

/** JPEG 2000: JP2, JPX, JPM and JPH files; a codestream without a file format has no place for metadata. */
export const jpeg2000: Format = {
  id: ID,
  modality: 'image',
  mediaTypes: ['image/jp2', 'image/jpx', 'image/jpm', 'image/jph', 'image/j2c'],
  extensions: ['.jp2', '.jpx', '.jpf', '.jpm', '.jph', '.j2k', '.j2c', '.jpc'],
  place: {
    description: 'uuid box BE7ACFCB-97A9-42E8-9C71-999491E3AFAC, TC260:AIGC',
    source: `${IMAGE_GUIDE}, by XMP part 3 §1.1.5`,
    certainty: 'guide',
  },
  sidecar: 'some',
  matches: (head) => (startsWith(head, J2K_START) && holdsControls(head)) || isFile(head),
  async read(source) {
    if (await isCodestream(source)) {
      return j2kComments(source);
    }
    const { slots, anomalies } = await jp2Labels(source, boxBudget());
    return { found: slots, anomalies };
  },
  async plan(source, slot) {
    if (await isCodestream(source)) {
      throw noPlaceInside(ID, 'a codestream has comments but no metadata; a JP2 file around it would have');
    }
    return planFile(source, slot);
  },
  // A codestream carries no label: it stands in a sidecar.
  content: async (source) => ((await isCodestream(source)) ? wholeFile(source) : jp2Content(source)),
};

/** Motion JPEG 2000 begins alike, but is a movie. */
const isFile = (head: Uint8Array): boolean =>
  startsWith(head, SIGNATURE) && !startsWith(head, ascii('ftypmjp2'), 16) && !startsWith(head, ascii('ftypmj2s'), 16);

const isCodestream = async (source: ByteSource): Promise<boolean> =>
  source.size >= J2K_START.length && startsWith(await source.read(0, J2K_START.length), J2K_START);

const planFile = async (source: ByteSource, slot: SlotText): Promise<readonly Splice[]> => {
  const budget = boxBudget();
  const labels = await jp2Labels(source, budget);
  const { file, pieces } = labels;
  refuse(labels);
  const edits = pieces.flatMap((piece) => pieceEdits(piece, slot));
  const moving = edits.find(({ at, remove, insert }) => remove !== insert.length && at < (file.boxes.at(-1)?.offset ?? 0));
  if (moving !== undefined && mayHoldOffsets(file)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The file may hold offsets that point behind the XMP box at byte ${moving.at}, which would change its size; save it with the XMP box at the end.`,
      { data: { site: 'jp2/uuid[XMP]', offset: moving.at } },
    );
  }
  if (pieces.every(({ isPlace }) => !isPlace)) {
    edits.push(...closed(file), { at: file.end, remove: 0, insert: boxBytes('uuid', USER_TYPE, spliceXmp(undefined, TC260_XMP, slot)), parents: [] });
  }
  return planBoxEdits(source, file, edits, budget);
};

const refuse = ({ file, hasMore }: Jp2Labels): void => {
  const cut = cutBoxType(file, JP2_BOXES);
  if (cut !== undefined) {
    throw damaged(`jp2/${cut}`, file.end, 'the file ends inside this box');
  }
  if (file.boxes[1]?.type !== 'ftyp') {
    throw damaged('jp2', file.boxes[0]?.end ?? 0, 'no ftyp box follows the signature');
  }
  if (hasMore) {
    throw new LabelError('LIMIT_EXCEEDED', 'The picture holds more boxes of metadata than are looked at; save it with less of it.', {
      data: { site: 'jp2' },
    });
  }
};

const pieceEdits = ({ box, site, bytes, isXmp, isPlace, exif }: Jp2Piece, slot: SlotText): BoxEdit[] => {
  if (bytes === undefined) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `The metadata in ${site} at byte ${box.offset} is too large to be edited; save the picture with less of it.`,
      {
        data: { site, offset: box.offset },
      },
    );
  }
  const blanked = exif.map((label) => label.blanked);
  const edited = isXmp ? xmpWithOneLabel(bytes, TC260_XMP, isPlace, slot, { site }) : blanked.length === 0 ? bytes : applySplices(bytes, blanked);
  return edited === bytes ? [] : [{ at: contentOf(box), remove: bytes.length, insert: edited, parents: [box] }];
};

/** Boxes none of which holds an offset into the file; fragment tables and cross references (ISO/IEC 15444-2 §M.11.3, M.11.4), and all of JPM, may. */
const WITHOUT_OFFSETS: ReadonlySet<string> = new Set(['jP  ', 'ftyp', 'rreq', 'jp2h', 'jp2c', 'jp2i', 'xml ', 'uuid', 'uinf', 'jumb', 'free']);

const mayHoldOffsets = ({ boxes }: BoxFile): boolean => boxes.some(({ type }) => !WITHOUT_OFFSETS.has(type));

/** A last box that reaches to the end of the file gets its size, so that another can follow: nothing moves. */
const closed = ({ boxes }: BoxFile): readonly BoxEdit[] => {
  const last = boxes.at(-1);
  if (last?.sizeField !== 'toEnd') {
    return [];
  }
  if (last.size > 0xffff_ffff) {
    throw new LabelError(
      'CARRIER_FULL',
      `The box ${last.type} at byte ${last.offset} is larger than 4 GiB and does not say its size; save the file again.`,
      {
        data: { site: `jp2/${last.type}`, offset: last.offset },
      },
    );
  }
  return [{ at: last.offset, remove: 4, insert: u32be(last.size), parents: [] }];
};
