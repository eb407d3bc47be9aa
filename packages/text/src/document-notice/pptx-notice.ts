// ECMA-376-1 §19.3 (slides) and §21.1 (text in shapes): a text box of its own on the first, the middle, the last or every slide.
import { attributeOf, escapeXml, prefixOf, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { type ByteSource, damaged, type FoundNotice, LabelError, type NoticeSearch } from '@aigc-label/core';
import type { NoticeForm, NoticePlan, NoticePosition, TextNoticeOptions } from '../notice.ts';
import {
  assertReadable,
  type DocumentPackage,
  entriesNamed,
  openPackage,
  planPackage,
  readText,
  readXmlParts,
  signed,
  type TextPart,
} from '../zip-documents/document-package.ts';
import { addEdits } from '../zip-documents/xml-labels.ts';
import { isNoticePhrase } from './notice-phrase.ts';
import { isSignedOffice, mainPartName } from './office-parts.ts';
import { partPath } from './part-path.ts';
import { unescapeXml } from './unescape-xml.ts';
import { type XmlOutline, xmlOutline } from './xml-outline.ts';

/** Slides that are marked one by one. */
const MOST_SLIDES = 2000;
const LARGEST_SLIDE_BYTES = 16 << 20;
const LARGEST_SEARCHED_BYTES = 1 << 20;

/** Namespaces of slides, and of what is drawn on them: Transitional, and Strict (ECMA-376-1 annex A). */
const DRAWING: Readonly<Record<string, string>> = {
  'http://schemas.openxmlformats.org/presentationml/2006/main': 'http://schemas.openxmlformats.org/drawingml/2006/main',
  'http://purl.oclc.org/ooxml/presentationml/main': 'http://purl.oclc.org/ooxml/drawingml/main',
};

const EMU_PER_POINT = 12_700;
/** As on the pages of a PDF: 10 points, or 2.2 % of the shortest side. */
const [SMALLEST_POINTS, SHARE_OF_SHORTEST] = [10, 0.022];

interface Slides {
  readonly opened: DocumentPackage;
  /** Names of members, in the order in which they are shown. */
  readonly names: readonly string[];
  /** In points. */
  readonly width: number;
  readonly height: number;
}

/** A notice on slides: at the top left, at the bottom left of the middle slide, at the bottom right of the last; a corner mark at the top right. */
export const pptxNotice = async (source: ByteSource, options: TextNoticeOptions): Promise<NoticePlan> => {
  const slides = await slidesOf(source);
  if (await isSignedOffice(slides.opened)) {
    throw signed('pptx');
  }
  const parts = new Map<string, TextPart>();
  const slideNamed = async (name: string): Promise<TextPart> => {
    const part = parts.get(name) ?? (await slidePart(slides, name, LARGEST_SLIDE_BYTES));
    assertReadable([part]);
    parts.set(name, part);
    return part;
  };
  const present = new Set<NoticePosition>();
  for (const position of options.positions) {
    let isThere = true;
    for (const name of namesAt(slides, position)) {
      const boxes = ownBoxes((await slideNamed(name)).text);
      isThere &&= boxes.some((box) => box.position === position && box.form === (options.form ?? 'sentence') && box.text === options.text);
    }
    if (isThere) {
      present.add(position);
    }
  }
  const splices = async (): Promise<Awaited<ReturnType<typeof planPackage>>> => {
    const edits = new Map<TextPart, XmlEdit[]>();
    for (const [index, position] of options.positions.filter((one) => !present.has(one)).entries()) {
      for (const name of namesAt(slides, position)) {
        const part = await slideNamed(name);
        addEdits(edits, part, boxEdit(part, slides, position, options, index));
      }
    }
    return planPackage(slides.opened, { edits, added: [], isDeflated: true });
  };
  return { present, splices };
};

/** Notices on the first, the middle and the last slide. */
export const findPptxNotice = async (source: ByteSource, search?: NoticeSearch): Promise<readonly FoundNotice[]> => {
  const slides = await slidesOf(source);
  const found = new Map<string, FoundNotice>();
  const looked = new Set<string>();
  for (const at of ['start', 'middle', 'end'] as const) {
    const [name] = namesAt(slides, at);
    if (name !== undefined && !looked.has(name)) {
      looked.add(name);
      const { text, failure } = await slidePart(slides, name, LARGEST_SEARCHED_BYTES);
      for (const notice of failure === undefined ? [...ownNotices(text), ...phrases(text, at, search)] : []) {
        found.set(`${notice.form} ${notice.position} ${notice.text}`, notice);
      }
    }
  }
  return [...found.values()].slice(0, MOST_FOUND);
};

const MOST_FOUND = 16;

const ownNotices = (text: string): readonly FoundNotice[] =>
  ownBoxes(text).map(({ position, form, text: words }) => ({ position, form: form === 'sentence' ? 'text' : form, text: words }));

/** Shapes of others that say nothing but a notice. */
const phrases = (text: string, position: 'start' | 'middle' | 'end', search?: NoticeSearch): readonly FoundNotice[] =>
  shapesOf(text)
    .filter(({ name, words }) => !NAME.test(name) && isNoticePhrase(words, search))
    .map(({ words }) => ({ position, form: 'text', text: words }));

const slidesOf = async (source: ByteSource): Promise<Slides> => {
  const opened = await openPackage(source);
  const main = (await mainPartName(opened)) ?? 'ppt/presentation.xml';
  const [presentation] = await readXmlParts(opened, main, true);
  const folder = main.split('/').slice(0, -1);
  const [relationships] = await readXmlParts(opened, [...folder, '_rels', `${main.split('/').at(-1)}.rels`].join('/'), true);
  assertReadable([presentation, relationships]);
  const targets = new Map(
    (relationships?.root?.children ?? []).map((one) => [attributeOf(one, 'Id')?.value, attributeOf(one, 'Target')?.value] as const),
  );
  const list = presentation?.root?.children.find(({ local }) => local === 'sldIdLst')?.children ?? [];
  const names = list.flatMap((one) => {
    const id = one.attributes.find(({ local, namespace }) => local === 'id' && namespace.endsWith('/relationships'))?.value;
    const target = targets.get(id);
    return target === undefined ? [] : [partPath(folder, target)];
  });
  const size = presentation?.root?.children.find(({ local }) => local === 'sldSz');
  const points = (name: string, otherwise: number): number => {
    const value = Number(size === undefined ? undefined : attributeOf(size, name)?.value);
    return (Number.isFinite(value) && value > 0 ? value : otherwise) / EMU_PER_POINT;
  };
  if (names.length === 0) {
    throw damaged(main, 0, 'the presentation has no slides');
  }
  return { opened, names, width: points('cx', 9_144_000), height: points('cy', 6_858_000) };
};

const slidePart = async ({ opened }: Slides, name: string, limitBytes: number): Promise<TextPart> => {
  const [entry, ...twins] = entriesNamed(opened, name, true);
  if (entry === undefined || twins.length > 0) {
    throw damaged(name, 0, 'a slide is announced and there is none, or two');
  }
  return readText(opened, entry, limitBytes);
};

const namesAt = ({ names }: Slides, position: NoticePosition): readonly string[] => {
  if (position !== 'throughout') {
    return names.slice(...({ start: [0, 1], middle: [middleOf(names.length), middleOf(names.length) + 1], end: [-1] } as const)[position]);
  }
  if (names.length > MOST_SLIDES) {
    throw new LabelError('LIMIT_EXCEEDED', `This presentation has more than ${MOST_SLIDES} slides; choose single positions instead of every slide.`, {
      data: { site: 'ppt/slides', limit: MOST_SLIDES },
    });
  }
  return names;
};

const middleOf = (count: number): number => Math.floor((count - 1) / 2);

const NAME = /^AIGC (notice|corner mark) \((start|middle|end|throughout)\)$/;

const nameOf = (position: NoticePosition, form: NoticeForm): string => `AIGC ${form === 'sentence' ? 'notice' : 'corner mark'} (${position})`;

const boxEdit = (part: TextPart, slides: Slides, position: NoticePosition, options: TextNoticeOptions, index: number): XmlEdit => {
  const outline = xmlOutline(part.text, ['sld', 'cSld', 'spTree']);
  const holder = outline?.around.at(-1);
  const drawing = holder === undefined ? undefined : DRAWING[holder.namespace];
  if (outline === undefined || holder === undefined || drawing === undefined || outline.holder.openEnd === outline.holder.end) {
    throw damaged(part.entry.name, 0, 'the slide is no well-formed slide');
  }
  const at = outline.children.find(({ local }) => local === 'extLst')?.start ?? outline.holder.closeStart;
  const ids = [...part.text.matchAll(/\bid="(\d{1,9})"/g)].map(([, digits]) => Number(digits));
  const id = ids.reduce((most, one) => Math.max(most, one), 1) + 1 + index;
  return { start: at, end: at, text: boxOf(outline, drawing, slides, position, options, id) };
};

/** Dark grey on white is 17 : 1, whatever the slide shows below. */
const boxOf = (
  outline: XmlOutline,
  drawing: string,
  { width, height }: Slides,
  position: NoticePosition,
  options: TextNoticeOptions,
  id: number,
): string => {
  const { text, form = 'sentence', lang = 'zh-CN' } = options;
  const p = prefixOf(outline.around.at(-1) as XmlElement);
  const ems = [...text].reduce((sum, character) => sum + ((character.codePointAt(0) ?? 0) < 0x2000 ? 0.62 : 1), 0) + 1;
  const size = Math.max(SMALLEST_POINTS, Math.min(SHARE_OF_SHORTEST * Math.min(width, height), (width * 0.9) / ems));
  const box = { width: ems * size, height: 1.9 * size };
  if (box.width > width || box.height > height) {
    throw new LabelError(
      'NOTICE_NOT_DRAWABLE',
      `The notice ${JSON.stringify(text)} has no room on a slide at ${SMALLEST_POINTS} points; use shorter wording.`,
      {
        data: { reason: 'no_room', text, width, height, points: SMALLEST_POINTS },
      },
    );
  }
  const margin = 0.8 * size;
  const isRight = form === 'corner-mark' || position === 'end';
  const isTop = form === 'corner-mark' || position === 'start' || position === 'throughout';
  const x = isRight ? width - box.width - margin : margin;
  const y = isTop ? margin : height - box.height - margin;
  const emu = (points: number): number => Math.round(points * EMU_PER_POINT);
  const fill = (colour: string): string => `<a:solidFill><a:srgbClr val="${colour}"/></a:solidFill>`;
  return (
    `<${p}sp xmlns:a="${drawing}"><${p}nvSpPr><${p}cNvPr id="${id}" name="${nameOf(position, form)}"/><${p}cNvSpPr txBox="1"/><${p}nvPr/></${p}nvSpPr>` +
    `<${p}spPr><a:xfrm><a:off x="${emu(x)}" y="${emu(y)}"/><a:ext cx="${emu(box.width)}" cy="${emu(box.height)}"/></a:xfrm>` +
    `<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>${fill('FFFFFF')}<a:ln w="6350">${fill('666666')}</a:ln></${p}spPr>` +
    `<${p}txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/>` +
    `<a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="${lang}" sz="${Math.round(size * 100)}">${fill('1A1A1A')}</a:rPr><a:t>${escapeXml(text)}</a:t></a:r></a:p></${p}txBody></${p}sp>`
  );
};

interface Shape {
  readonly name: string;
  readonly words: string;
}

const PIECE = /<(\/?)(?:\w+:)?(sp|cNvPr|t|br)(?=[\s/>])([^>]*)>([^<]*)/g;

/** Shapes with their names and words. */
const shapesOf = (text: string): readonly Shape[] => {
  const shapes: Shape[] = [];
  let name = '';
  let words = '';
  for (const [, slash, element, attributes = '', content = ''] of text.matchAll(PIECE)) {
    if (element === 'sp') {
      if (slash === '/' && words.trim() !== '') {
        shapes.push({ name, words: words.trim() });
      }
      [name, words] = ['', ''];
    } else if (element === 'cNvPr' && slash === '') {
      name = unescapeXml(/\bname="([^"]*)"/.exec(attributes)?.[1] ?? '');
    } else if (element === 't' && slash === '') {
      words += unescapeXml(content);
    } else if (element === 'br') {
      words += ' ';
    }
  }
  return shapes;
};

const ownBoxes = (text: string): readonly { readonly position: NoticePosition; readonly form: NoticeForm; readonly text: string }[] =>
  shapesOf(text).flatMap(({ name, words }) => {
    const [, kind, position] = NAME.exec(name) ?? [];
    return position === undefined
      ? []
      : [{ position: position as NoticePosition, form: kind === 'notice' ? ('sentence' as const) : ('corner-mark' as const), text: words }];
  });
