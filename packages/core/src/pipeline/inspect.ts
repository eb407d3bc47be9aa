import type { ByteSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import type { Format, Modality, Place, Slots } from '../ports/format.ts';
import type { Finding, Vocabulary } from '../ports/vocabulary.ts';
import { chooseFormat, type FormatHint } from './choose-format.ts';
import { findingsIn } from './findings.ts';
import { readBeside, type SidecarKind, type SidecarReader } from './sidecar.ts';

/** What inspecting is wired from. */
export interface InspectParts {
  readonly formats: readonly Format[];
  readonly vocabularies: readonly Vocabulary[];
  /** Absent where sidecars are not looked at. */
  readonly sidecar?: SidecarKind;
}

/** How to inspect one file. */
export interface InspectOptions extends FormatHint {
  /** Gives the file's sidecar (`<name>.xmp`), where it has one; asked for kinds of file that may not be able to hold a label. */
  readonly sidecar?: SidecarReader;
}

/** What stands in a file and its sidecar, without a verdict. */
export interface Inspection {
  /** `null` where the bytes are of no kind that we know. */
  readonly format: { readonly id: string; readonly modality: Modality; readonly mediaType: string; readonly place: Place } | null;
  readonly sizeBytes: number;
  /** Every slot under our key, as it stood. */
  readonly slots: Slots['found'];
  readonly findings: readonly Finding[];
  readonly anomalies: Slots['anomalies'];
}

/**
 * Looks into a file and judges nothing.
 *
 * @throws LabelError what `Format.read` throws.
 */
export const inspect = async (source: ByteSource, parts: InspectParts, { sidecar, ...hint }: InspectOptions = {}): Promise<Inspection> => {
  if (source.size === 0) {
    throw new LabelError('FILE_EMPTY', 'The file is empty.');
  }
  const format = await chooseFormat(source, parts.formats, hint);
  const inside = format === undefined ? NOTHING : await format.read(source);
  const beside = format === undefined ? NOTHING : await readBeside(source, format, parts.sidecar, sidecar);
  const found = [...inside.found, ...beside.found];
  return {
    format: format === undefined ? null : { id: format.id, modality: format.modality, mediaType: format.mediaTypes[0] ?? '', place: format.place },
    sizeBytes: source.size,
    slots: found,
    findings: findingsIn({ found }, parts.vocabularies),
    anomalies: [...inside.anomalies, ...beside.anomalies],
  };
};

const NOTHING: Slots = { found: [], anomalies: [] };
