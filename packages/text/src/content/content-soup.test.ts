import { applySplices, bytesSource, LabelError, utf8 } from '@aigc-label/core';
import { anotherSlotText, digestOf, pdfHostile, sampleSlotText, zipHostile } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { textFormats } from '../formats/index.ts';

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

const cpuMillis = (): number => process.cpuUsage().user / 1000;

const HTML =
  '<!doctype html>|<html>|<head>|</head>|<body>|<meta charset=utf-8>|<meta name=aigc content="{}">|<meta name="AIGC" content=\'x\' />|<title>|</title>|<script>|</script>|<template>|</template>|<!--|-->|<p>|text|\n|<script type="application/json" id="AIGC">|{"Label":"1"}|"|<'.split(
    '|',
  );
const MARKDOWN =
  '---\n|---\n|\n|# a\n|AIGC:\n|  Label: 1\n|AIGC: {"Label":"1"}\n|t: 1\n|<!-- AIGC: {a: 1} -->\n|<!--\n|-->\n|```yaml\n|```\n|text\n|AIGC={"a":1}\n|AIGC:{"a":1}\n|...\n|\r\n|? AIGC\n|: {a: 1}\n|# c'.split(
    '|',
  );
const PLAIN = 'AIGC:|AIGC=|{"a":1}|{|}|"|\n|\n|\r\n|\r| |text|AIGC:{"a":1}|AIGC={"a":\n1}|"AIGC":{}|\\'.split('|');
const XML =
  '<?xml version="1.0"?>|\n|\r\n|<?AIGC {"a":1}?>|<?AIGC x?>|<r>|</r>|<r/>|<AIGC>{"a":1}</AIGC>|<!-- AIGC:{"a":1} -->|<!-- x -->|<r AIGC="{&quot;a&quot;:1}">| |text'.split(
    '|',
  );
const JSON_PIECES = '{|}|"AIGC":{"a":1}|"AIGC" : 1|"b":2|,|,|, |\n  |"c":{"AIGC":1}| |"\\u0041IGC":"x"'.split('|');
const RTF =
  String.raw`{\rtf1 |}|{\*\userprops|{\*\userprops }|{\propname AIGC}\proptype30{\staticval x}|{\propname B}\proptype30{\staticval y}|{\info{\title T}}|\ansi |text|{\fonttbl\f0 A;}`.split(
    '|',
  );

describe('texts that are put together at random', () => {
  it.each([
    ['html', soups(HTML, 300, 14, 1)],
    ['markdown', soups(MARKDOWN, 150, 14, 2)],
    ['plain', soups(PLAIN, 800, 14, 3)],
    ['xml', soups(XML, 400, 10, 4)],
    ['json', soups(JSON_PIECES, 400, 8, 5).map((text) => `{${text}}`)],
    ['rtf', soups(RTF, 300, 10, 6).map((text) => String.raw`{\rtf1${text}\pard x}`)],
  ] as const)('%s has the same content before and after every label', async (id, texts) => {
    const format = textFormats.find((candidate) => candidate.id === id)!;
    let labelledTexts = 0;
    for (const text of texts) {
      const bytes = utf8(text);
      const before = (await digestOf(format, bytes)).hash;
      const once = await format.plan(bytesSource(bytes), sampleSlotText).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LabelError);
        return undefined;
      });
      if (once === undefined) {
        continue;
      }
      labelledTexts += 1;
      const labelled = applySplices(bytes, once);
      const again = applySplices(labelled, await format.plan(bytesSource(labelled), anotherSlotText));
      const seen = [(await digestOf(format, labelled)).hash, (await digestOf(format, again)).hash];
      expect({ text: JSON.stringify(text), seen }).toEqual({ text: JSON.stringify(text), seen: [before, before] });
    }
    expect(labelledTexts).toBeGreaterThan(40);
  });
});

describe('markdown', () => {
  it('labels a text in which a comment holds two others', async () => {
    const format = textFormats.find(({ id }) => id === 'markdown')!;
    const bytes = utf8('<!--\nAIGC:{"a":1}\n<!-- AIGC: {a: 1} -->\n');
    const labelled = applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
    expect(await digestOf(format, labelled)).toEqual(await digestOf(format, bytes));
  });
});

describe('hostile files', () => {
  it.each(
    [...pdfHostile, ...zipHostile].flatMap((file) => {
      const format = textFormats.find(({ id }) => id === file.format);
      return format === undefined ? [] : [[file.name, format, file] as const];
    }),
  )('%s has a content or is refused', async (_, format, file) => {
    const started = cpuMillis();
    const error = await format.content?.(bytesSource(file.bytes())).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error === undefined || error instanceof LabelError).toBe(true);
    expect(cpuMillis() - started).toBeLessThan(5_000);
  });
});
