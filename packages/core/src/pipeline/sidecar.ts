import { type ByteSource, bytesSource } from '../bytes/source.ts';
import { applySplices } from '../bytes/splice.ts';
import { LabelError } from '../errors.ts';
import type { Format, Slots, SlotText } from '../ports/format.ts';
import { anomalyOf } from './anomaly-of.ts';

/** What is behind a file's own name in the name of its sidecar: `voice.amr` has `voice.amr.xmp`. */
export const SIDECAR_SUFFIX = '.xmp';

/** How sidecars are made and read: docs/decisions/0013. Passed in, so that core knows neither XMP nor hashing. */
export interface SidecarKind {
  /** The kind of file that a sidecar is. */
  readonly format: Format;
  /** A sidecar, new or as it stood, that is bound to content with this digest. @throws LabelError where it cannot be edited. */
  bind(sidecar: Uint8Array | undefined, digest: string): Uint8Array;
  /** The digest of the content that a sidecar is bound to, or `undefined` where it names none. Never throws. */
  boundTo(sidecar: Uint8Array): string | undefined;
  /** The digest of all bytes of a file: `sha-256:` and 64 hexadecimal digits. */
  digestOf(source: ByteSource): Promise<string>;
}

/** Gives a file's present sidecar; asked only for kinds of file that may have one. */
export type SidecarReader = () => Promise<Uint8Array | undefined>;

/** A sidecar with this label, bound to `content`; what else stands in it stays. @throws LabelError as its format's `plan` does, with a site in the sidecar. */
export const planSidecar = async (kind: SidecarKind, present: Uint8Array | undefined, content: ByteSource, slot: SlotText): Promise<Uint8Array> => {
  const digest = await kind.digestOf(content);
  try {
    const bound = kind.bind(present, digest);
    return applySplices(bound, await kind.format.plan(bytesSource(bound), slot));
  } catch (error) {
    // Or a person would look for the damage in the file that was named.
    throw error instanceof LabelError ? besideError(error) : error;
  }
};

const besideError = (error: LabelError): LabelError => {
  const { site } = error.data;
  return new LabelError(error.code, `The label belongs in the sidecar beside the file, and it cannot be changed: ${error.message}`, {
    data: { ...error.data, site: typeof site === 'string' ? `sidecar/${site}` : 'sidecar' },
    cause: error,
  });
};

/**
 * What a sidecar says of `content`. A label in a sidecar that is bound to other content is none of this file: it is an anomaly. One that is bound to nothing counts,
 * but stands not as we write it.
 */
export const readSidecar = async (kind: SidecarKind, sidecar: Uint8Array, content: ByteSource): Promise<Slots> => {
  const { found, anomalies } = await kind.format.read(bytesSource(sidecar));
  const bound = kind.boundTo(sidecar);
  if (found.length > 0 && bound !== undefined && bound !== (await kind.digestOf(content))) {
    return { found: [], anomalies: [{ code: 'foreign_sidecar', site: 'sidecar', detail: 'the sidecar is bound to other content' }] };
  }
  return {
    found: found.map((slot) => ({ ...slot, site: `sidecar/${slot.site}`, isGuidePlace: slot.isGuidePlace && bound !== undefined })),
    anomalies: anomalies.map((anomaly) => ({ ...anomaly, site: `sidecar/${anomaly.site}` })),
  };
};

/** Whether a sidecar belongs to other content, which is a trace (Measures Art. 6 item 3). */
export const isForeign = ({ anomalies }: Pick<Slots, 'anomalies'>): boolean => anomalies.some(({ code }) => code === 'foreign_sidecar');

/** What the sidecar of a file says, for whoever only looks: damage to it is an anomaly. @throws LabelError of the outside world. */
export const readBeside = async (
  source: ByteSource,
  format: Format,
  kind: SidecarKind | undefined,
  reader: SidecarReader | undefined,
): Promise<Slots> => {
  if (format.sidecar === undefined || kind === undefined || reader === undefined) {
    return { found: [], anomalies: [] };
  }
  try {
    const sidecar = await reader();
    return sidecar === undefined ? { found: [], anomalies: [] } : await readSidecar(kind, sidecar, source);
  } catch (error) {
    return { found: [], anomalies: [anomalyOf(error, 'sidecar')] };
  }
};
