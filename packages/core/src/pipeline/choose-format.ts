import type { ByteSource } from '../bytes/source.ts';
import { type Format, HEAD_BYTES } from '../ports/format.ts';

/** What the outside says of a file; it decides among textual formats only, which have no signature. */
export interface FormatHint {
  /** A file name or an extension: `report.md`, `.md`. */
  readonly name?: string;
  readonly mediaType?: string;
}

/** The format of a file by its bytes, or `undefined` where none of ours claims it. Reads the head, and what `Format.recognises` asks for. */
export const chooseFormat = async (source: ByteSource, formats: readonly Format[], hint: FormatHint = {}): Promise<Format | undefined> => {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const sniffed = await recognised(source, head, formats);
  if (sniffed?.textual === undefined) {
    return sniffed;
  }
  return formats.find((format) => format.textual === true && isHinted(format, hint)) ?? sniffed;
};

const recognised = async (source: ByteSource, head: Uint8Array, formats: readonly Format[]): Promise<Format | undefined> => {
  for (const format of formats) {
    if (format.matches(head) && (format.recognises === undefined || (await format.recognises(source)))) {
      return format;
    }
  }
  return undefined;
};

const isHinted = ({ extensions, mediaTypes }: Format, { name, mediaType }: FormatHint): boolean => {
  const lower = name?.toLowerCase();
  return (
    (lower !== undefined && extensions.some((extension) => lower.endsWith(extension))) ||
    (mediaType !== undefined && mediaTypes.includes(mediaType.split(';')[0]?.trim().toLowerCase() ?? ''))
  );
};

/**
 * The extension of a text that belongs to no textual format of ours, or `undefined`: source code and data look like plain text or Markdown, and reading them so
 * does no harm, but a line more would break them.
 */
export const foreignExtension = (format: Format, formats: readonly Format[], hint: FormatHint = {}): string | undefined => {
  const extension = /[^/\\.](\.[0-9a-z_-]{1,16})$/i.exec(hint.name ?? '')?.[1]?.toLowerCase();
  if (format.textual === undefined || extension === undefined || formats.some((known) => known.textual === true && isHinted(known, hint))) {
    return undefined;
  }
  return extension;
};
