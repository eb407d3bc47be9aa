import { applySplices, ascii, type ByteSource, damaged, type FoundNotice, LabelError, latin1, readBounded, type Splice } from '@aigc-label/core';
import type { NoticeForm, NoticePlan, NoticePosition, TextNoticeOptions } from '../notice.ts';
import { noPlaceFor } from '../notice-encoder.ts';
import { type RtfPlaces, rtfPlaces } from './rtf-paragraphs.ts';

/** Pictures stand in the text as digits, so that documents are large. */
const LARGEST_BYTES = 64 << 20;
/** How much of each end is looked into while verifying. */
const WINDOW_BYTES = 64 << 10;
const MOST_FOUND = 16;

/** A notice in Rich Text Format: a paragraph of its own or a raised mark, in a bookmark that says what it is. */
export const rtfNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const bytes = await readBounded(source, 0, source.size, LARGEST_BYTES, 'rtf');
  const places = rtfPlaces(bytes);
  if (places === undefined) {
    throw damaged('rtf', 0, 'its groups do not close, or nest too deep');
  }
  const present = presentIn(latin1(bytes), options);
  const splices = (): readonly Splice[] => {
    const missing = options.positions.filter((position) => !present.has(position));
    const made = missing.map((position) => spliceAt(position, places, options, missing));
    const seen = presentIn(latin1(applySplices(bytes, made)), options);
    if (missing.some((position) => !seen.has(position))) {
      throw new LabelError('NOTICE_UNSUPPORTED', 'The notice could not be read back from this RTF; save it again from a word processor.', {
        data: { reason: 'not_read_back' },
      });
    }
    return made;
  };
  return { present, splices };
};

/** Notices of ours at both ends. Words of others are not read: they are in any of the code pages of the fonts of a document. */
export const findRtfNotice = async (source: ByteSource): Promise<readonly FoundNotice[]> => {
  const head = await source.read(0, Math.min(source.size, WINDOW_BYTES));
  const tailAt = Math.max(head.length, source.size - WINDOW_BYTES);
  const tail = await source.read(tailAt, source.size - tailAt);
  return [head, tail]
    .flatMap((window) => ownIn(latin1(window)))
    .slice(0, MOST_FOUND)
    .map(({ position, form, text }) => ({ position, form: form === 'sentence' ? 'text' : form, text }));
};

const presentIn = (document: string, { text, form = 'sentence' }: TextNoticeOptions): ReadonlySet<NoticePosition> =>
  new Set(ownIn(document).flatMap((own) => (own.text === text && own.form === form ? [own.position] : [])));

interface Own {
  readonly position: NoticePosition;
  readonly form: NoticeForm;
  readonly text: string;
}

/** A notice has at most 500 characters, each of at most 8 bytes. */
const BOOKMARK = /\{\\\*\\bkmkstart AIGC(Notice|CornerMark)_(start|middle|end)\}([^{}]{1,4200})\{\\\*\\bkmkend AIGC\1_\2\}/g;

const ownIn = (document: string): readonly Own[] =>
  [...document.matchAll(BOOKMARK)].map(([, kind, position, content = '']) => ({
    position: position as NoticePosition,
    form: kind === 'Notice' ? 'sentence' : 'corner-mark',
    text: wordsOf(content),
  }));

/** Words as `escaped` writes them. Word processors write other control words between them. */
const wordsOf = (content: string): string =>
  content.replace(
    /\\u(-?\d{1,6}) ?\??|\\([\\{}])|\\[a-zA-Z]{1,32}(?:-?\d{1,10})? ?|[\r\n]/g,
    (_, code: string | undefined, character: string | undefined) =>
      code === undefined ? (character ?? '') : String.fromCharCode(Number(code) & 0xffff),
  );

const escaped = (text: string): string =>
  Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    return unit > 0x7e ? `\\u${unit > 0x7fff ? unit - 0x10000 : unit}?` : text.charAt(index).replace(/[\\{}]/, '\\$&');
  }).join('');

const spliceAt = (position: NoticePosition, places: RtfPlaces, options: TextNoticeOptions, all: readonly NoticePosition[]): Splice => {
  const isCorner = options.form === 'corner-mark';
  const run = runOf(position, options);
  if (isCorner) {
    const at = cornerOf(position, places);
    // Behind a text of one paragraph the second mark has one of its own.
    const isTaken = position === 'end' && all.includes('start') && at === cornerOf('start', places);
    if (at !== undefined && !isTaken) {
      return { at, remove: 0, insert: ascii(run) };
    }
  }
  const paragraph = `{\\pard\\plain\\fs24 ${run}\\par}`;
  if (position === 'start') {
    return { at: places.start, remove: 0, insert: ascii(paragraph) };
  }
  if (position === 'end') {
    return { at: places.end, remove: 0, insert: ascii((places.isLastClosed ? '' : '\\par') + paragraph) };
  }
  if (position === 'throughout') {
    throw noPlaceFor(position, 'its pages are made when it is shown');
  }
  const middle = (places.start + places.end) / 2;
  const [nearest] = places.between.toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  if (nearest === undefined) {
    throw noPlaceFor(position, 'it has no two paragraphs that may be parted');
  }
  return { at: nearest, remove: 0, insert: ascii(paragraph) };
};

const cornerOf = (position: NoticePosition, { firstEnd, lastEnd, end, isLastClosed }: RtfPlaces): number | undefined => {
  if (position !== 'start' && position !== 'end') {
    throw noPlaceFor(position, 'a corner mark stands at the start or the end');
  }
  const at = position === 'start' ? (firstEnd ?? end) : isLastClosed ? lastEnd : end;
  return at === undefined || at < 0 ? undefined : at;
};

/** Language identifiers (RTF 1.9.1, appendix). */
const LANGUAGES: Readonly<Record<string, number>> = { 'zh-CN': 2052, 'zh-TW': 1028, 'zh-HK': 3076, 'en-US': 1033, 'en-GB': 2057 };

const runOf = (position: NoticePosition, { text, form = 'sentence', lang = 'zh-CN' }: TextNoticeOptions): string => {
  const name = `AIGC${form === 'sentence' ? 'Notice' : 'CornerMark'}_${position}`;
  const language = Object.hasOwn(LANGUAGES, lang) ? `\\lang${LANGUAGES[lang]}\\langfe${LANGUAGES[lang]}` : '';
  const raised = form === 'sentence' ? '' : '\\fs36\\super';
  // Raised 18 points are shown at 10 to 12. \v0: not hidden; \cf0: the automatic colour; \uc1: one character stands behind each \u for old readers.
  return `{\\v0\\cf0${raised}${language}\\uc1 {\\*\\bkmkstart ${name}}${escaped(text)}{\\*\\bkmkend ${name}}}`;
};
