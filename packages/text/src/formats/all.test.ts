import { applySplices, bytesSource, LabelError, utf8 } from '@aigc-label/core';
import { anotherSlotText, sampleSlotText } from '@aigc-label/test-fixtures';
import { type DefaultTreeAdapterTypes, parse, serialize } from 'parse5';
import { describe, expect, it } from 'vitest';
import { textFormats } from './index.ts';

/** The same numbers on every machine. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const soups = (pieces: readonly string[], count: number, most: number, seed: number): readonly string[] => {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => Array.from({ length: random(most) }, () => pieces[random(pieces.length)]).join(''));
};

const HTML_PIECES =
  '<!doctype html>|<html>|<html lang=en xmlns="x">|<head>|</head>|<body>|</body>|</html>|<meta charset=utf-8>|<meta name=aigc content="{}">|<meta name="AIGC" content=\'x\' />|<title>|</title>|<script>|</script>|<style>|</style>|<noscript>|</noscript>|<template>|</template>|<!--|-->|<p>|</p>|<br>|text|\n|  |&nbsp;|<base>|<svg>|<textarea>|</textarea>|<script type="application/json" id="AIGC">|{"Label":"1"}|"|<'.split(
    '|',
  );
const MARKDOWN_PIECES =
  '---\n|---\n|\n|\n|# a\n|AIGC:\n|  Label: 1\n|AIGC: {"Label":"1"}\n|AIGC: {a: 1}\n|t: 1\n|"x": [1,\n|2]\n|<!-- AIGC: {a: 1} -->\n|<!-- AIGC 水印 -->\n|<!--\n|-->\n|```yaml\n|```\n|~~~\n|text\n|AIGC={"a":1}\n|AIGC:{"a":1}\n|...\n|\r\n|    x\n|- &a b\n|? AIGC\n|: {a: 1}\n|# c'.split(
    '|',
  );
const PLAIN_PIECES = 'AIGC:|AIGC=|{"a":1}|{|}|"|\n|\n|\r\n| |text|AIGC:{"a":1}|AIGC={"a":\n1}|"AIGC":{}|\\'.split('|');

describe('every text format', () => {
  it.each([
    ['html', soups(HTML_PIECES, 800, 16, 1)],
    ['markdown', soups(MARKDOWN_PIECES, 800, 14, 2)],
    ['plain', soups(PLAIN_PIECES, 800, 14, 3)],
  ] as const)('labels %s of any kind once, stays of its kind, and goes there and back', async (id, texts) => {
    const format = textFormats.find((candidate) => candidate.id === id)!;
    let labelledTexts = 0;
    for (const text of texts) {
      const bytes = utf8(text);
      const before = await format.read(bytesSource(bytes));
      const splices = await format.plan(bytesSource(bytes), sampleSlotText).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LabelError);
        return undefined;
      });
      if (splices === undefined || text === '') {
        continue;
      }
      labelledTexts += 1;
      const labelled = applySplices(bytes, splices);
      expect((await format.read(bytesSource(labelled))).found, JSON.stringify(text)).toHaveLength(1);
      expect(await format.plan(bytesSource(labelled), sampleSlotText)).toEqual([]);
      const another = applySplices(labelled, await format.plan(bytesSource(labelled), anotherSlotText));
      expect(applySplices(another, await format.plan(bytesSource(another), sampleSlotText)), JSON.stringify(text)).toEqual(labelled);
      if (format.matches(bytes) && before.found.length === 0) {
        expect(format.matches(labelled.subarray(0, 4096)), JSON.stringify(text)).toBe(true);
      }
    }
    expect(labelledTexts).toBeGreaterThan(texts.length / 4);
  });

  it('agrees with a whole parser on what is a label in HTML, and changes nothing else', async () => {
    const format = textFormats.find(({ id }) => id === 'html')!;
    for (const text of soups(HTML_PIECES, 3_000, 16, 4)) {
      const { found, anomalies } = await format.read(bytesSource(utf8(text)));
      if (anomalies.length > 0) {
        continue;
      }
      const before = treeOf(text);
      expect(
        found.filter(({ site }) => site.includes('meta')).map(({ value }) => value),
        JSON.stringify(text),
      ).toEqual(before.labels);
      const splices = await format.plan(bytesSource(utf8(text)), sampleSlotText).catch(() => undefined);
      if (splices !== undefined) {
        const after = treeOf(new TextDecoder().decode(applySplices(utf8(text), splices)));
        expect(after.labels).toEqual([sampleSlotText.value]);
        if (found.length === 0) {
          expect(after.rest, JSON.stringify(text)).toBe(before.rest);
        }
      }
    }
  });
});

/** Our elements among the head's children, and the tree without them. */
const treeOf = (text: string): { readonly labels: readonly string[]; readonly rest: string } => {
  const document = parse(text);
  const html = document.childNodes.find((node): node is DefaultTreeAdapterTypes.Element => node.nodeName === 'html');
  const head = html?.childNodes.find((node): node is DefaultTreeAdapterTypes.Element => node.nodeName === 'head');
  const attribute = (node: DefaultTreeAdapterTypes.ChildNode, name: string): string | undefined =>
    'attrs' in node ? node.attrs.find((candidate) => candidate.name === name)?.value : undefined;
  const ours = head?.childNodes.filter((node) => node.nodeName === 'meta' && attribute(node, 'name')?.toUpperCase() === 'AIGC') ?? [];
  if (head !== undefined) {
    head.childNodes = head.childNodes.filter((node) => !ours.includes(node));
  }
  return { labels: ours.map((node) => attribute(node, 'content') ?? ''), rest: serialize(document) };
};
