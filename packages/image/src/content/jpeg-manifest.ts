// JUMBF in JPEG: ISO 19566-5 §D, C2PA 2.2 §A.3.1. Runs of APP11 segments, each with "JP", the number of the box, the number of the segment, and the header of the box once more.
import type { JpegSegment } from '@aigc-label/containers';
import { ascii, type ByteSource, concat, equalBytes, startsWith, u32At } from '@aigc-label/core';
import { isManifestStore, MAXIMUM_JUMBF_BYTES } from './jumbf.ts';

const APP11 = 0xeb;
const SIGNATURE = ascii('JP');
/** Signature, number of the box, number of the segment. */
const PREFIX_BYTES = 8;
const BOX_HEADER_BYTES = 8;

/** The segments of the first C2PA manifest store: neighbours, numbered from 1, which make up one box and nothing else. */
export const manifestSegments = async (source: ByteSource, segments: readonly JpegSegment[]): Promise<ReadonlySet<JpegSegment>> => {
  for (let from = 0; from < segments.length; from += 1) {
    const run = runAt(segments, from);
    if (run.length === 0) {
      continue;
    }
    const total = u32At(run[0]?.head ?? SIGNATURE, PREFIX_BYTES);
    const carried = run.reduce((sum, { dataStart, end }, index) => sum + end - dataStart - PREFIX_BYTES - (index === 0 ? 0 : BOX_HEADER_BYTES), 0);
    if (carried === total && total <= MAXIMUM_JUMBF_BYTES) {
      const parts: Uint8Array[] = [];
      for (const [index, { dataStart, end }] of run.entries()) {
        const start = dataStart + PREFIX_BYTES + (index === 0 ? 0 : BOX_HEADER_BYTES);
        parts.push(await source.read(start, end - start));
      }
      if (isManifestStore(concat(...parts))) {
        return new Set(run);
      }
    }
    from += run.length - 1;
  }
  return new Set();
};

/** The segments from an index on that continue one box. */
const runAt = (segments: readonly JpegSegment[], from: number): readonly JpegSegment[] => {
  const first = segments[from]?.head;
  let end = from;
  for (let segment = segments[end]; first !== undefined && segment !== undefined; segment = segments[end]) {
    const { marker, head, dataStart, end: segmentEnd } = segment;
    const isNext =
      marker === APP11 &&
      startsWith(head, SIGNATURE) &&
      segmentEnd - dataStart >= PREFIX_BYTES + BOX_HEADER_BYTES &&
      u32At(head, 4) === end - from + 1 &&
      equalBytes(head.subarray(2, 4), first.subarray(2, 4)) &&
      equalBytes(head.subarray(8, 16), first.subarray(8, 16));
    if (!isNext) {
      break;
    }
    end += 1;
  }
  return segments.slice(from, end);
};
