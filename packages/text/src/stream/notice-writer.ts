/** New text at an offset of a piece, in its own characters. */
export interface Insert {
  readonly at: number;
  readonly text: string;
}

/** Which positions are asked for. */
export interface NoticePlaces {
  readonly start: boolean;
  readonly end: boolean;
}

/**
 * Says where notices go in one text that arrives piece by piece. It changes and keeps nothing of the text: pieces can be passed on as soon as it has answered.
 * A character may stand for one byte of UTF-8, since all that is looked at is ASCII.
 */
export interface NoticeWriter {
  /** Whether these first characters tell where a notice at the start goes; if not, at most `LONGEST_LEAD` of them have to wait for the next. */
  isTold(lead: string): boolean;
  /** What goes into this piece, which follows the pieces before. `lead` is what is known of the beginning, which may be longer than the first piece. */
  next(piece: string, lead?: string): readonly Insert[];
  /** What goes behind the last piece; nothing where there was no text. */
  end(): string;
}

/** In HTML, white space and the first letters of a tag; elsewhere a byte order mark as three bytes, and the three hyphens of front matter. */
export const LONGEST_LEAD = 16;

/** A byte order mark, as a character or as the bytes of UTF-8. */
export const BYTE_ORDER_MARK: RegExp = /^(?:\ufeff|\u00ef\u00bb\u00bf)/;

/** Whether a text that begins so may still turn out to begin with a byte order mark, and nothing else is known. */
export const mayBeMark = (lead: string): boolean => /^(?:\ufeff|\u00ef(?:\u00bb\u00bf?)?)?$/.test(lead);

/** The length of the byte order mark. */
export const markLength = (lead: string): number => BYTE_ORDER_MARK.exec(lead)?.[0].length ?? 0;

/** What has to stand before a paragraph so that a blank line is before it. */
export const gapBehind = (tail: string): string => (/\n\r?\n$/.test(tail) ? '' : tail.endsWith('\n') ? '\n' : '\n\n');
