import type { NoticeSearch } from '@aigc-label/core';
import { type FoundNotice, NOTICE_PRESETS } from '@aigc-label/core';

const PRESETS: ReadonlySet<string> = new Set(Object.values(NOTICE_PRESETS));

/** What a mark alone says. */
const CORNER_MARK = /^(?:AI|人工智能)(?:生成|合成){0,2}$/;

/**
 * Sentences whose whole point is the notice: 本文档由人工智能辅助生成，仅供参考。 A title about the matter (AI生成内容标识办法) goes on where these end.
 */
const PHRASE =
  /^[（(【[「]?\s?(?:(?:重要)?(?:声明|提示|注意?|说明)\s?[:：]\s?)?(?:(?:本|此|该|以上|以下|上述|下述|全|部分)?[文档章件书稿报告内容图资料页片演示部分均皆全系为是\s]{0,10})?(?:由|为|系|是|使用|利用|通过|借助|采用)?\s?(?:人工智能|AI(?:GC)?)\s?(?:大?模型|技术|工具|系统|服务|助手){0,2}\s?(?:自动|辅助|参与|全部|部分|所)?\s?(?:生成|合成|生成合成|合成生成|生成或合成|生成、合成)\s?(?:的?内容|的)?(?:[，,；;]\s?(?:仅|请|不|供|须|需|谨|注意|如有|经|未经|并经|可能)[^。]{0,24}|\s?[-—/|]?\s?AI[- ]generated(?: content)?)?[。.！!]?\s?[）)】\]」]?$/;

/** Whether a whole paragraph is nothing but a notice; stricter than what is taken for one in loose text, since titles of documents stand unmarked among paragraphs. */
export const isNoticePhrase = (paragraph: string, search: NoticeSearch = {}): boolean =>
  PRESETS.has(paragraph) || search.texts?.includes(paragraph) === true || (paragraph.length <= 60 && PHRASE.test(paragraph));

/** Whether a mark in a corner is one of ours. */
export const isCornerMark = (text: string): boolean => CORNER_MARK.test(text);

/** A paragraph of a document. */
export interface SeenParagraph {
  readonly text: string;
  /** A raised mark at its end. */
  readonly cornerMark?: string | undefined;
}

/** A notice stands among so many paragraphs at an end. */
export const NEAR_PARAGRAPHS = 3;

/** Notices among the paragraphs of a document, none of them empty. */
export const noticesInParagraphs = (paragraphs: readonly SeenParagraph[], search?: NoticeSearch): readonly FoundNotice[] => {
  const half = Math.ceil(paragraphs.length / 2);
  return paragraphs.flatMap(({ text, cornerMark }, index): readonly FoundNotice[] => {
    const position =
      index < Math.min(half, NEAR_PARAGRAPHS) ? 'start' : index >= Math.max(half, paragraphs.length - NEAR_PARAGRAPHS) ? 'end' : undefined;
    if (position === undefined) {
      return [];
    }
    if (cornerMark !== undefined && isCornerMark(cornerMark)) {
      return [{ position, form: 'corner-mark', text: cornerMark }];
    }
    return isNoticePhrase(text, search) ? [{ position, form: 'text', text }] : [];
  });
};
