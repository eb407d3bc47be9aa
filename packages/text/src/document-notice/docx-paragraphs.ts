// ECMA-376-1 §17.3: paragraphs and runs of a document of Word.
import { escapeXml, prefixOf, type XmlElement } from '@aigc-label/containers';
import type { TextNoticeOptions } from '../notice.ts';
import type { SeenParagraph } from './notice-phrase.ts';
import type { ParagraphDialect } from './paragraph-notice.ts';
import { unescapeXml } from './unescape-xml.ts';

/** Transitional, and Strict (ECMA-376-1 annex A). */
const NAMESPACES: readonly string[] = [
  'http://schemas.openxmlformats.org/wordprocessingml/2006/main',
  'http://purl.oclc.org/ooxml/wordprocessingml/main',
];

/** A paragraph of the default style; what could hide it or take its contrast is said of its run, where it outdoes every style. */
export const docxParagraphs: ParagraphDialect = {
  path: ['document', 'body'],
  namespaces: NAMESPACES,
  paragraphs: new Set(['p']),
  first: new Set(),
  last: new Set(['sectPr']),
  see: (xml) => seen(xml),
  opens: (xml) => (xml.match(/fldCharType=["']begin["']/g) ?? []).length - (xml.match(/fldCharType=["']end["']/g) ?? []).length,
  isBound: (before, after) =>
    /<(?:\w+:)?keepNext(?:\s*\/>|\s+\w+:val=["'](?:1|true|on)["'])/.test(before) ||
    /<(?:\w+:)?pStyle\s[^>]*val=["'](?:heading|title|标题|[1-9]["'])/i.test(before) ||
    (before.includes('numPr') && after.includes('numPr')),
  paragraph: (text, around, options) => {
    const w = prefixOf(around.at(-1) as XmlElement);
    return `<${w}p>${text === '' ? '' : run(text, around, options, false)}</${w}p>`;
  },
  cornerMark: (text, around, options) => run(text, around, options, true),
};

/**
 * A raised run of 18 points is shown at 10 to 12, which is legible beside any text (GB 45438-2025 §5.1). §17.3.2.6: an automatic colour is black or white, whichever can be read on what is behind. §17.3.2.28 orders what stands in w:rPr.
 */
const run = (text: string, around: readonly XmlElement[], { lang = 'zh-CN' }: TextNoticeOptions, isRaised: boolean): string => {
  const holder = around.at(-1) as XmlElement;
  const w = prefixOf(holder);
  // Attributes of this namespace always have a prefix; where none is declared, the run comes with one of its own.
  const declared = around
    .flatMap(({ attributes }) => attributes.filter(({ name, value }) => name.startsWith('xmlns:') && value === holder.namespace))
    .at(-1);
  const [a, declaration] = w !== '' ? [w, ''] : declared !== undefined ? [`${declared.local}:`, ''] : ['w:', ` xmlns:w="${holder.namespace}"`];
  const raised = isRaised ? `<${w}sz ${a}val="36"/><${w}szCs ${a}val="36"/><${w}vertAlign ${a}val="superscript"/>` : '';
  return (
    `<${w}r${declaration}><${w}rPr><${w}rFonts ${a}hint="eastAsia"/><${w}vanish ${a}val="0"/><${w}color ${a}val="auto"/>${raised}` +
    `<${w}lang ${a}val="${lang}" ${a}eastAsia="${lang}"/></${w}rPr><${w}t>${escapeXml(text)}</${w}t></${w}r>`
  );
};

const PIECE =
  /<(?:\w+:)?(r|t|tab|br|vertAlign|Fallback|del|moveFrom)(?=[\s/>])([^>]*)>(?:([^<]*)<\/(?:\w+:)?t>)?|<\/(?:\w+:)?(r|Fallback|del|moveFrom)>/g;

/** Deleted text and second versions of pictures are not seen. */
const seen = (xml: string): SeenParagraph => {
  let words = '';
  let raised = '';
  let isRaised = false;
  let hidden = 0;
  for (const [, name, attributes = '', text, closed] of xml.matchAll(PIECE)) {
    if (closed !== undefined) {
      hidden -= closed === 'r' ? 0 : 1;
    } else if (name === 'r') {
      isRaised = false;
    } else if (name === 'vertAlign') {
      isRaised = attributes.includes('superscript');
    } else if (name === 't' && hidden <= 0 && text !== undefined) {
      words += unescapeXml(text);
      raised = isRaised ? raised + unescapeXml(text) : '';
    } else if (name === 'tab' || name === 'br') {
      words += ' ';
    } else if (name !== 't' && !attributes.endsWith('/')) {
      hidden += 1;
    }
  }
  const cornerMark = raised.trim();
  return { text: words.trim(), ...(cornerMark === '' ? {} : { cornerMark }) };
};
