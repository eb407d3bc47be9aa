// TC260-PG-20259A, main scheme: TIFF carries the label as XMP in tag 0x02BC of IFD0 (XMP part 3 §1.1.6), read from whatever directory it stands in.
import { readTiff, type Tiff, type TiffDirectory, type TiffEntry, XMP_LIMIT_BYTES, xmpSlots } from '@aigc-label/containers';
import { type Anomaly, type ByteSource, type Slot, TC260_XMP } from '@aigc-label/core';
import { type TiffTextLabel, tiffTextLabels } from '../exif-label.ts';
import { LABEL_KEY } from '../place.ts';
import { type TailLabel, tailLabel } from '../tail-label.ts';

/** XMP (XMP part 3 §1.1.6). */
export const XMP_TAG = 0x02bc;
/** UNDEFINED, which the guide names; other writers use BYTE. */
export const XMP_TYPE = 7;

/** Bytes of XMP that are read from one file in all. */
const MAXIMUM_XMP_BYTES: number = XMP_LIMIT_BYTES;
/** Entries of XMP in one file; pages have one each. */
const MAXIMUM_PACKETS = 4_096;
/** Anomalies of one file; a report of a hostile file stays readable. */
const MAXIMUM_ANOMALIES = 64;

/** An entry that holds XMP. */
export interface TiffPacket {
  readonly entry: TiffEntry;
  readonly directory: TiffDirectory;
  /** Whether this is the entry that carries the label. */
  readonly isPlace: boolean;
  /** `undefined` where it is too large to be read, or not inside the file. */
  readonly bytes: Uint8Array | undefined;
  readonly isTooLarge: boolean;
  readonly slots: readonly Slot[];
}

/** Everything in a TIFF file that is, or could hold, a label. */
export interface TiffSurvey {
  readonly tiff: Tiff;
  readonly packets: readonly TiffPacket[];
  readonly texts: readonly TiffTextLabel[];
  /** Whether there are texts beyond a limit. */
  readonly hasMoreTexts: boolean;
  readonly tail: TailLabel | undefined;
  readonly slots: readonly Slot[];
  readonly anomalies: readonly Anomaly[];
}

/** Reads it. Throws `LabelError` `FILE_DAMAGED` where there is no TIFF header. */
export const surveyTiff = async (source: ByteSource): Promise<TiffSurvey> => {
  const tiff = await readTiff(source);
  const anomalies: Anomaly[] = [...tiff.anomalies];
  const packets = await readPackets(source, tiff, anomalies);
  const { labels: texts, isLimited } = await tiffTextLabels(source, tiff);
  if (isLimited) {
    anomalies.push({ code: 'limit', site: 'tiff', detail: 'more texts that begin like a label than are read' });
  }
  const behind = await tailLabel(source);
  const tail = behind === undefined || isInValue(tiff, behind.start) ? undefined : behind;
  const slots: readonly Slot[] = [
    ...packets.flatMap((packet) => packet.slots),
    ...texts.map(({ site, value }): Slot => ({ key: LABEL_KEY, site: `tiff/${site}`, value, isGuidePlace: false })),
    ...(tail === undefined ? [] : [{ key: LABEL_KEY, site: 'tiff/tail', value: tail.value, isGuidePlace: false }]),
  ];
  return { tiff, packets, texts, hasMoreTexts: isLimited, tail, slots, anomalies: anomalies.slice(0, MAXIMUM_ANOMALIES) };
};

const readPackets = async (source: ByteSource, { directories }: Tiff, anomalies: Anomaly[]): Promise<readonly TiffPacket[]> => {
  const packets: TiffPacket[] = [];
  const known = new Map<number, TiffPacket>();
  let left = MAXIMUM_XMP_BYTES;
  for (const directory of directories) {
    const entries = directory.entries.filter(({ tag }) => tag === XMP_TAG);
    for (const [index, entry] of entries.entries()) {
      const isPlace = directory === directories[0] && directory.site === 'ifd0' && index === 0;
      const site = `tiff/${directory.site}[${XMP_TAG}]`;
      if (index === 1) {
        anomalies.push({ code: 'duplicate_structure', site, offset: entry.at, detail: 'more than one entry holds XMP' });
      }
      const before = known.get(entry.valueAt);
      const shared = before?.entry.sizeBytes === entry.sizeBytes ? before : undefined;
      const isBeyond = (shared === undefined && entry.sizeBytes > left) || packets.length >= MAXIMUM_PACKETS;
      const fault = entry.valueAt + entry.sizeBytes > source.size ? 'truncated' : isBeyond ? 'limit' : undefined;
      if (fault !== undefined || shared !== undefined) {
        // Pages that share a packet share its label.
        if (fault !== undefined) {
          anomalies.push({ code: fault, site, offset: entry.at, detail: `XMP of ${entry.sizeBytes} bytes at byte ${entry.valueAt}` });
        }
        packets.push({ entry, directory, isPlace, bytes: fault === undefined ? shared?.bytes : undefined, isTooLarge: fault === 'limit', slots: [] });
        continue;
      }
      left -= entry.sizeBytes;
      const bytes = await source.read(entry.valueAt, entry.sizeBytes);
      const read = xmpSlots(bytes, TC260_XMP, { site, isPlace: isPlace && entry.type === XMP_TYPE, offset: entry.valueAt });
      anomalies.push(...read.anomalies);
      const packet = { entry, directory, isPlace, bytes, isTooLarge: false, slots: read.slots };
      known.set(entry.valueAt, packet);
      packets.push(packet);
    }
  }
  return packets;
};

/** A value may be the last thing of a file, and the label be in it. */
const isInValue = ({ directories }: Tiff, offset: number): boolean =>
  directories.some(({ entries }) =>
    entries.some(({ isInline, valueAt, sizeBytes }) => !isInline && valueAt <= offset && offset < valueAt + sizeBytes),
  );
