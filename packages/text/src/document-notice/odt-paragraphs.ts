// OpenDocument 1.3 part 3 §5.1 (paragraphs), §6.1.7 (spans), §16.27 (text properties).
import { declarationOf, escapeXml, prefixOf, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import type { TextNoticeOptions } from '../notice.ts';
import type { SeenParagraph } from './notice-phrase.ts';
import type { ParagraphDialect } from './paragraph-notice.ts';
import { unescapeXml } from './unescape-xml.ts';
import { xmlOutline } from './xml-outline.ts';

const OFFICE = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0';
const TEXT = 'urn:oasis:names:tc:opendocument:xmlns:text:1.0';
const STYLE = 'urn:oasis:names:tc:opendocument:xmlns:style:1.0';
const FORMAT = 'urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0';

const SENTENCE_STYLE = 'AIGCNotice';
const CORNER_STYLE = 'AIGCCornerMark';

/** Paragraphs of a text document whose content is given: raised is what its own styles raise. */
export const odtParagraphs = (content: string): ParagraphDialect => {
  const raised = raisedStyles(content);
  return {
    path: ['document-content', 'body', 'text'],
    namespaces: [OFFICE],
    paragraphs: new Set(['p', 'h']),
    // §3.4: declarations stand before the text, what is counted from it behind.
    first: new Set(
      'forms tracked-changes variable-decls sequence-decls user-field-decls dde-connection-decls alphabetical-index-auto-mark-file calculation-settings content-validations label-ranges'.split(
        ' ',
      ),
    ),
    last: new Set('named-expressions database-ranges data-pilot-tables consolidation dde-links'.split(' ')),
    see: (xml) => seen(xml, raised),
    opens: () => 0,
    isBound: (before) => /^<(?:\w+:)?h[\s>]/.test(before),
    paragraph: (text, around) => {
      const [prefix, declaration] = textPrefix(around);
      return `<${prefix}p${declaration}>${text === '' ? '' : span(text, SENTENCE_STYLE, prefix)}</${prefix}p>`;
    },
    cornerMark: (text, around) => span(text, CORNER_STYLE, textPrefix(around)[0]),
  };
};

/**
 * The styles that a notice is written in, a raised one shown at 10 points: in the colour that can be read on what is behind, in its language (§16.27). Nothing is said of text:display: LibreOffice hides what
 * has the value `true` in documents of some versions.
 */
export const odtStyleEdits = (content: string, { form, lang = 'zh-CN' }: TextNoticeOptions): readonly XmlEdit[] => {
  const name = form === 'corner-mark' ? CORNER_STYLE : SENTENCE_STYLE;
  const outline = xmlOutline(content, ['document-content', 'automatic-styles']);
  const holder = outline?.around.at(-1);
  if (outline === undefined || holder === undefined || content.includes(`"${name}"`)) {
    return outline === undefined ? missingStyles(content, name, form, lang) : [];
  }
  const { openEnd, end, closeStart } = outline.holder;
  const style = styleOf(name, form, lang, outline.around);
  return [openEnd === end ? { start: end - 2, end, text: `>${style}</${holder.name}>` } : { start: closeStart, end: closeStart, text: style }];
};

const missingStyles = (content: string, name: string, form: TextNoticeOptions['form'], lang: string): readonly XmlEdit[] => {
  const body = xmlOutline(content, ['document-content', 'body']);
  const holder = body?.around.at(-1);
  const prefix = holder === undefined ? '' : prefixOf(holder);
  return body === undefined || holder === undefined
    ? []
    : [
        {
          start: body.holder.start,
          end: body.holder.start,
          text: `<${prefix}automatic-styles>${styleOf(name, form, lang, body.around.slice(0, 1))}</${prefix}automatic-styles>`,
        },
      ];
};

const styleOf = (name: string, form: TextNoticeOptions['form'], lang: string, around: readonly XmlElement[]): string => {
  const [language = 'zh', country = 'none'] = lang.split('-');
  const names = `${declarationOf(around, 'style', STYLE)}${declarationOf(around, 'fo', FORMAT)}`;
  const raised = form === 'corner-mark' ? ' style:text-position="super 58%" fo:font-size="18pt" style:font-size-asian="18pt"' : '';
  return (
    `<style:style${names} style:name="${name}" style:family="text"><style:text-properties style:use-window-font-color="true"${raised}` +
    ` fo:language="${language}" fo:country="${country}" style:language-asian="${language}" style:country-asian="${country}"/></style:style>`
  );
};

const span = (text: string, style: string, prefix: string): string =>
  `<${prefix}span ${prefix}style-name="${style}">${escapeXml(text)}</${prefix}span>`;

/** The prefix of the namespace of texts, or one of our own. */
const textPrefix = (around: readonly XmlElement[]): readonly [prefix: string, declaration: string] => {
  const declared = around.flatMap(({ attributes }) => attributes.filter(({ name, value }) => name.startsWith('xmlns:') && value === TEXT)).at(-1);
  return declared === undefined ? ['text:', ` xmlns:text="${TEXT}"`] : [`${declared.local}:`, ''];
};

const raisedStyles = (content: string): ReadonlySet<string> => {
  const names = new Set<string>();
  // Styles are small; one that is not is no style of a mark.
  for (const [, attributes = '', properties = ''] of content.matchAll(
    /<style:style\s([^>]{1,1000})>\s{0,100}<style:text-properties\s([^>]{1,2000})>/g,
  )) {
    const name = /style:name="([^"]+)"/.exec(attributes)?.[1];
    if (name !== undefined && /style:text-position="super/.test(properties)) {
      names.add(name);
    }
  }
  return names;
};

const PIECE = /<(\/?)(?:\w+:)?(span|s|tab|line-break|note|annotation|p|h|frame|custom-shape|text-box)(?=[\s/>])([^>]*)>|<[^>]*>|([^<]+)/g;
/** What is shown elsewhere than in the line. */
const ELSEWHERE: ReadonlySet<string> = new Set(['note', 'annotation', 'frame', 'custom-shape']);

const seen = (xml: string, raisedNames: ReadonlySet<string>): SeenParagraph => {
  let words = '';
  let raised = '';
  let elsewhere = 0;
  const spans: boolean[] = [];
  for (const [, slash, name, attributes = '', text] of xml.matchAll(PIECE)) {
    if (text !== undefined) {
      const read = elsewhere > 0 ? '' : unescapeXml(text);
      words += read;
      raised = spans.includes(true) ? raised + read : read.trim() === '' ? raised : '';
    } else if (name === 'span' && !attributes.endsWith('/')) {
      if (slash === '/') {
        spans.pop();
      } else {
        spans.push(raisedNames.has(/style-name="([^"]+)"/.exec(attributes)?.[1] ?? ''));
      }
    } else if (name !== undefined && ELSEWHERE.has(name) && !attributes.endsWith('/')) {
      elsewhere += slash === '/' ? -1 : 1;
    } else if (name === 's' || name === 'tab' || name === 'line-break') {
      words += ' ';
    }
  }
  const cornerMark = raised.trim();
  return { text: words.replace(/\s+/g, ' ').trim(), ...(cornerMark === '' ? {} : { cornerMark }) };
};
