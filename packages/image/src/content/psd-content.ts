// spec/content/image.md, psd-1.
import { type PsdResource, readPsd, XMP_LIMIT_BYTES } from '@aigc-label/containers';
import { type ByteRange, type ByteSource, type ContentPlan, damaged, LabelError } from '@aigc-label/core';
import { addCarrier, buildParts, renderingPart } from './content-parts.ts';
import { exifRendering } from './exif-rendering.ts';
import { isMetadataResource } from './photoshop-metadata.ts';
import { xmpRendering } from './xmp-rendering.ts';

const EXIF = 1058;
const XMP = 1060;
/** Resources that are looked into for metadata; those beyond it are content. */
const MAXIMUM_LOOKED_INTO = 64;

/**
 * What the signed digest of a Photoshop document covers: every byte but the resources of XMP, Exif data and IPTC. The length of the resources is checked, not covered.
 *
 * @throws LabelError `FILE_DAMAGED` or `LIMIT_EXCEEDED` where the resources do not fill their section.
 */
export const psdContent = async (source: ByteSource): Promise<ContentPlan> => {
  const { lengthAt, resources, end, isComplete, anomalies } = await readPsd(source);
  if (!isComplete || lengthAt === undefined) {
    const [why] = anomalies;
    if (why?.code === 'limit') {
      throw new LabelError('LIMIT_EXCEEDED', `This Photoshop file has ${why.detail}; save it again from Photoshop.`, { data: { site: why.site } });
    }
    throw damaged('psd/resources', why?.offset ?? 0, why?.detail ?? 'the image resources cannot be followed');
  }
  const carriers: ByteRange[] = [];
  const parts = buildParts();
  const [exif, xmp]: [string[], string[]] = [[], []];
  let left = MAXIMUM_LOOKED_INTO;
  parts.add('header', { start: 0, end: lengthAt });
  for (const resource of resources) {
    const isCandidate = CANDIDATES.includes(resource.id) && resource.sizeBytes <= XMP_LIMIT_BYTES && left > 0;
    left -= isCandidate ? 1 : 0;
    const value = isCandidate ? await renderingOf(source, resource) : undefined;
    if (value === undefined) {
      parts.add('resources', resource);
    } else {
      (resource.id === EXIF ? exif : xmp).push(value);
      addCarrier(carriers, resource);
    }
  }
  parts.add('layers', { start: end, end: source.size }, true);
  return { method: 'psd-1', parts: [...parts.finish(), renderingPart(exif, xmp)], carriers };
};

const CANDIDATES: readonly number[] = [1028, EXIF, XMP, 1061];

const renderingOf = async (source: ByteSource, { id, dataStart, sizeBytes }: PsdResource): Promise<string | undefined> => {
  const data = await source.read(dataStart, sizeBytes);
  return id === XMP ? xmpRendering(data) : id === EXIF ? exifRendering(data) : isMetadataResource(id, data) ? '' : undefined;
};
