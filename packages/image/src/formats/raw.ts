// docs/decisions/0012: raw files shaped like TIFF carry the label as TIFF does; the others where exiftool writes XMP.
import { spliceXmp } from '@aigc-label/containers';
import { type ByteSource, type Format, LabelError, type SlotText, type Splice, TC260_XMP } from '@aigc-label/core';
import { tiffContent } from '../content/tiff-content.ts';
import { type CameraKind, cameraKindOf, readCameraFile } from '../raw/camera-file.ts';
import { tiffKindOf } from '../tiff/kind.ts';
import { TIFF_PLACE, tiffReadAndPlan } from '../tiff/tiff-format.ts';

/** Raw files of cameras. DNG is `dng`; one that says nowhere at its beginning that it is a raw file is `tiff`, and labelled alike. */
export const raw: Format = {
  id: 'raw',
  modality: 'image',
  mediaTypes: [
    'image/x-canon-cr2',
    'image/x-canon-cr3',
    'image/x-nikon-nef',
    'image/x-sony-arw',
    'image/x-olympus-orf',
    'image/x-panasonic-rw2',
    'image/x-fuji-raf',
    'image/x-pentax-pef',
    'image/x-samsung-srw',
    'image/x-minolta-mrw',
  ],
  extensions: [
    '.cr2',
    '.cr3',
    '.nef',
    '.nrw',
    '.arw',
    '.sr2',
    '.orf',
    '.rw2',
    '.raf',
    '.pef',
    '.srw',
    '.3fr',
    '.fff',
    '.erf',
    '.kdc',
    '.dcr',
    '.mef',
    '.mrw',
  ],
  place: {
    description: `${TIFF_PLACE}; in RAF APP1 of the preview, in CR3 the uuid box of XMP`,
    source: 'docs/decisions/0012',
    certainty: 'decision',
  },
  matches: (head) => tiffKindOf(head) === 'raw' || cameraKindOf(head) !== undefined,
  read: async (source) => {
    const kind = await kindOf(source);
    if (kind === undefined) {
      return tiffReadAndPlan.read(source);
    }
    const { slots, anomalies } = await readCameraFile(source, kind);
    return { found: slots, anomalies };
  },
  plan: async (source, slot) => {
    const kind = await kindOf(source);
    return kind === undefined ? tiffReadAndPlan.plan(source, slot) : planCameraFile(source, kind, slot);
  },
  content: async (source) => {
    const kind = await kindOf(source);
    if (kind !== undefined) {
      throw new LabelError(
        'FORMAT_UNSUPPORTED_FEATURE',
        `What in a ${kind} file is picture and what is metadata is not known; convert it to DNG and sign that.`,
        {
          data: { site: kind },
        },
      );
    }
    return tiffContent(source);
  },
};

const kindOf = async (source: ByteSource): Promise<CameraKind | undefined> => cameraKindOf(await source.read(0, Math.min(16, source.size)));

const planCameraFile = async (source: ByteSource, kind: CameraKind, slot: SlotText): Promise<readonly Splice[]> => {
  const { packet, slots, anomalies } = await readCameraFile(source, kind);
  const [only] = slots;
  if (slots.length === 1 && only?.isGuidePlace === true && only.value === slot.value) {
    return [];
  }
  const stray = slots.find(({ site }) => !/XMP\]|\[700\]/.test(site));
  const [fault] = anomalies;
  if (stray !== undefined || fault !== undefined) {
    const what = stray === undefined ? (fault?.detail ?? '') : `a label stands in ${stray.site}, where exiftool cannot replace it`;
    throw new LabelError(
      stray === undefined ? 'FILE_DAMAGED' : 'FORMAT_UNSUPPORTED_FEATURE',
      `This raw file cannot be labelled: ${what}. Convert it to DNG and label that.`,
      {
        data: { site: stray?.site ?? fault?.site ?? kind, what },
      },
    );
  }
  const { planByExiftool } = await import('../raw/plan-by-exiftool.ts');
  return planByExiftool(source, kind, spliceXmp(packet, TC260_XMP, slot, { site: kind }));
};
