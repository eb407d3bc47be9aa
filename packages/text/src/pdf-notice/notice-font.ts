// ISO 32000-1 §9.6.5: a Type 3 font whose glyphs have widths and draw nothing. With it the words of a notice are text (searched, copied, read aloud by §9.10.3 ToUnicode), and
// no font file is needed; what is seen are the outlines themselves.
import { ascii, concat } from '@aigc-label/core';
import type { GlyphDrawing } from './glyph-drawing.ts';

/** A stream, before it is given a number. */
export interface FontStream {
  readonly entries: string;
  readonly data: Uint8Array;
}

/** What a notice is drawn with. */
export interface NoticeFont {
  /** Of each width; last, the map to Unicode. */
  readonly streams: readonly FontStream[];
  /** The font itself, once its streams have numbers. */
  dictionary(numbers: readonly number[]): Uint8Array;
  codeOf(glyph: GlyphDrawing): number;
}

/** Codes begin where no reader takes them for a space or a control character. */
const FIRST_CODE = 33;
/** A notice has at most 500 characters, and a byte counts to 255. */
export const MOST_GLYPHS: number = 255 - FIRST_CODE;

/** A font of these glyphs, each once. */
export const noticeFont = (drawings: readonly GlyphDrawing[]): NoticeFont => {
  const glyphs = [...new Map(drawings.map((glyph) => [glyph.character, glyph])).values()];
  const codes = new Map(glyphs.map(({ character }, index) => [character, FIRST_CODE + index]));
  const widths = [...new Set(glyphs.map(({ advance }) => advance))];
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
  const rows = glyphs.map(
    ({ character }, index) =>
      `<${hex(FIRST_CODE + index, 2)}> <${[...Array(character.length).keys()].map((at) => hex(character.charCodeAt(at), 4)).join('')}>`,
  );
  const sections: string[] = [];
  for (let at = 0; at < rows.length; at += 100) {
    const section = rows.slice(at, at + 100);
    sections.push(`${section.length} beginbfchar\n${section.join('\n')}\nendbfchar`);
  }
  const toUnicode = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
${sections.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
`;
  const streams = [
    // §9.6.5, table 113: the width and the box of a glyph.
    ...widths.map((width) => ({ entries: '', data: ascii(`${width} 0 0 -140 ${width} 880 d1\n`) })),
    { entries: '', data: ascii(toUnicode) },
  ];
  return {
    streams,
    codeOf: ({ character }) => codes.get(character) ?? 0,
    dictionary: (numbers) => {
      const names = glyphs.map((_, index) => `g${index}`);
      return concat(
        ascii(`<</Type/Font/Subtype/Type3/Name/AIGCNotice/FontBBox[0 -140 1000 880]/FontMatrix[0.001 0 0 0.001 0 0]/Resources<<>>`),
        ascii(`/FirstChar ${FIRST_CODE}/LastChar ${FIRST_CODE + glyphs.length - 1}/Widths[${glyphs.map(({ advance }) => advance).join(' ')}]`),
        ascii(`/Encoding<</Type/Encoding/Differences[${FIRST_CODE}${names.map((name) => `/${name}`).join('')}]>>`),
        ascii(
          `/CharProcs<<${glyphs.map(({ advance }, index) => `/${names[index]} ${numbers[widths.indexOf(advance)]} 0 R`).join('')}>>/ToUnicode ${numbers[widths.length]} 0 R>>`,
        ),
      );
    },
  };
};

/**
 * The words as they are seen, in thousandths of an em: a form (§8.10) of outlines, one behind the other. Programs that put other fonts in place of those of a PDF cannot do so
 * with these.
 */
export const drawnWords = (glyphs: readonly GlyphDrawing[]): FontStream => {
  const operators: string[] = [];
  let at = 0;
  for (const { operators: path, advance } of glyphs) {
    operators.push(path === '' ? '' : `q 1 0 0 1 ${at} 0 cm ${path} Q\n`);
    at += advance;
  }
  return { entries: `/Type/XObject/Subtype/Form/BBox[-200 -400 ${at + 200} 1200]/Resources<<>>`, data: ascii(operators.join('')) };
};
