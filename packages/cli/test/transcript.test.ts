import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, removeFolder, snapshot, transcript } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
  mkdirSync(join(cwd, 'in/sub'), { recursive: true });
  writeFileSync(join(cwd, 'in/a.md'), '# Title\n\nText.\n');
  writeFileSync(join(cwd, 'in/sub/b.png'), fixtureBytes('png/animated.png'));
  writeFileSync(join(cwd, 'in/.hidden.md'), 'hidden\n');
});
afterEach(() => removeFolder(cwd));

describe('the main job, as people see it', () => {
  test('in English', async () => {
    expect(await transcript(['label', 'in', '--out', 'out', '-p', PRODUCER], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label label in --out out -p 001191110000TE0T0EXA0R10001
      ✓ in/a.md → out/a.md: labelled (markdown, +273 bytes)
      ✓ in/sub/b.png → out/sub/b.png: labelled (png, +606 bytes)
      2 labelled.
      (exit 0)
      "
    `);
    expect(await transcript(['label', 'in', '--out', 'out', '-p', PRODUCER], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label label in --out out -p 001191110000TE0T0EXA0R10001
      ✓ in/a.md → out/a.md: done earlier (markdown)
      ✓ in/sub/b.png → out/sub/b.png: done earlier (png)
      2 done earlier.
      (exit 0)
      "
    `);
    expect(await transcript(['verify', 'out'], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label verify out
      out/a.md
        AI-generated (属于)
        The label says that this is AI-generated or AI-synthesised content.
        Said by: 001191110000TE0T0EXA0R10001 (organisation, credit code 91110000TE0T0EXA0R), number ID
        How sure: A label without a signature that binds it to this content: anyone could have written it here.
        Rules: everything that can be checked is kept
          ? Measures/4 An explicit label can be perceived (a person must look): Look whether a notice stands in the content or around it.
        Next: Show clearly, next to the content, that it is AI-generated (Measures Art. 6, item 1).

      out/sub/b.png
        AI-generated (属于)
        The label says that this is AI-generated or AI-synthesised content.
        Said by: 001191110000TE0T0EXA0R10001 (organisation, credit code 91110000TE0T0EXA0R), number ID
        How sure: A label without a signature that binds it to this content: anyone could have written it here.
        Rules: everything that can be checked is kept
          ? Measures/4 An explicit label can be perceived (a person must look): Look whether a notice stands in the content or around it.
        Next: Show clearly, next to the content, that it is AI-generated (Measures Art. 6, item 1).

      2 files: 2 labelled and conformant, 0 with violations or damage, 0 without a label, 0 undetermined, 0 with errors.
      (exit 0)
      "
    `);
    expect(await transcript(['verify', 'in/a.md'], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label verify in/a.md
      in/a.md
        Nothing found (未发现)
        No sign of AI generation was found. This never means that a person made it: labels can be lost or cut off.
        How sure: There is no label in this file.
        Rules: not judged: there is no label that rules could be put to
        Next: Ask whoever uploads it whether it is AI-generated; if so, verify again with --declared (Measures Art. 6, items 2 and 4).
        Next: If you made it with AI, label it with "aigc-label label".
      (exit 2)
      "
    `);
    expect(await transcript(['verify', 'in/a.md', '--declared'], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label verify in/a.md --declared
      in/a.md
        Possibly AI-generated (可能)
        The label, or the person who uploads it, says that this may be AI-generated.
        How sure: There is no label in this file.
        Rules: not judged: there is no label that rules could be put to
        Next: Show clearly, next to the content, that it may be AI-generated (Measures Art. 6, item 2).
        Next: If you made it with AI, label it with "aigc-label label".
      (exit 2)
      "
    `);
    expect(await transcript(['inspect', 'out/sub/b.png'], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label inspect out/sub/b.png
      out/sub/b.png
        Kind: png (image, image/png), 1045 bytes
        The label belongs in: iTXt "XML:com.adobe.xmp", TC260:AIGC (TC260-PG-20259A, main scheme)
        Under the key AIGC (1):
          png/iTXt[XML:com.adobe.xmp]/TC260:AIGC (the right place)
            Label: 1 (is AI-generated)
            ContentProducer: 001191110000TE0T0EXA0R10001
            ProduceID: ID
            ReservedCode1: 
            ContentPropagator: 001191110000TE0T0EXA0R10001
            PropagateID: ID
            ReservedCode2: 
            As it stands: {"Label":"1","ContentProducer":"001191110000TE0T0EXA0R10001","ProduceID":"ID","ReservedCode1":"","ContentPropagator":"001191110000TE0T0EXA0R10001","PropagateID":"ID","ReservedCode2":""}
        Structure: nothing noteworthy
      (exit 0)
      "
    `);
  });

  test('in Chinese', async () => {
    const env = { LANG: 'zh_CN.UTF-8' };
    expect(await transcript(['label', 'in', '--in-place', '-p', PRODUCER], { cwd, env })).toMatchInlineSnapshot(`
      "
      $ aigc-label label in --in-place -p 001191110000TE0T0EXA0R10001
      ✓ in/a.md：已标识 (markdown, +273 字节)
      ✓ in/sub/b.png：已标识 (png, +606 字节)
      已标识 2。
      (exit 0)
      "
    `);
    expect(await transcript(['label', 'in', '--in-place', '-p', PRODUCER], { cwd, env })).toMatchInlineSnapshot(`
      "
      $ aigc-label label in --in-place -p 001191110000TE0T0EXA0R10001
      ✓ in/a.md：未改动（标识已如此） (markdown)
      ✓ in/sub/b.png：未改动（标识已如此） (png)
      未改动 2。
      (exit 0)
      "
    `);
    expect(await transcript(['verify', 'in/a.md', 'in/sub/b.png'], { cwd, env })).toMatchInlineSnapshot(`
      "
      $ aigc-label verify in/a.md in/sub/b.png
      in/a.md
        属于人工智能生成合成内容
        标识表明此内容属于人工智能生成合成内容。
        声明者：001191110000TE0T0EXA0R10001 (组织，统一社会信用代码 91110000TE0T0EXA0R), 编号 ID
        可信程度：标识没有将其与此内容绑定的签名：任何人都可能把它写在这里。
        规定：可核验的各项均符合
          ? Measures/4 含有可感知的显式标识 (需人工判断)：请人工查看内容之中或周边是否有提示。
        下一步：在内容周边以显著方式提示“属于人工智能生成合成内容”（《办法》第六条第一项）。

      in/sub/b.png
        属于人工智能生成合成内容
        标识表明此内容属于人工智能生成合成内容。
        声明者：001191110000TE0T0EXA0R10001 (组织，统一社会信用代码 91110000TE0T0EXA0R), 编号 ID
        可信程度：标识没有将其与此内容绑定的签名：任何人都可能把它写在这里。
        规定：可核验的各项均符合
          ? Measures/4 含有可感知的显式标识 (需人工判断)：请人工查看内容之中或周边是否有提示。
        下一步：在内容周边以显著方式提示“属于人工智能生成合成内容”（《办法》第六条第一项）。

      共 2 个文件：有标识且符合规定 2，不符合规定或已损坏 0，没有标识 0，无法判断 0，出错 0。
      (exit 0)
      "
    `);
    expect(await transcript(['inspect', 'in/a.md'], { cwd, env })).toMatchInlineSnapshot(`
      "
      $ aigc-label inspect in/a.md
      in/a.md
        类型：markdown (文本, text/markdown), 288 字节
        标识应位于：YAML front matter, mapping AIGC of seven quoted values (TC260-PG-20258A §6.5)
        键名为 AIGC 的内容（1 处）：
          markdown/front-matter/AIGC (位置正确)
            Label：1 (属于)
            ContentProducer：001191110000TE0T0EXA0R10001
            ProduceID：ID
            ReservedCode1：
            ContentPropagator：001191110000TE0T0EXA0R10001
            PropagateID：ID
            ReservedCode2：
            原文：Label: '1'\\n  ContentProducer: '001191110000TE0T0EXA0R10001'\\n  ProduceID: 'ID'\\n  ReservedCode1: ''\\n  ContentPropagator: '001191110000TE0T0EXA0R10001'\\n  PropagateID: 'ID'\\n  ReservedCode2: ''
        文件结构：没有需要注意之处
      (exit 0)
      "
    `);
    expect(await transcript(['verify', 'in/.hidden.md'], { cwd, env })).toMatchInlineSnapshot(`
      "
      $ aigc-label verify in/.hidden.md
      in/.hidden.md
        未发现人工智能生成合成的迹象
        未发现标识或其他痕迹。这绝不表示内容由人创作：标识可能丢失或被去除。
        可信程度：文件中没有标识。
        规定：未作判断：没有可供核验的标识
        下一步：询问上传者内容是否由人工智能生成；如是，请加 --declared 重新核验（《办法》第六条第二、四项）。
        下一步：如果内容由您用人工智能生成，请用 "aigc-label label" 进行标识。
      (exit 2)
      "
    `);
  });

  test('a dry run says what would be done, and where, and does nothing', async () => {
    const before = snapshot(cwd);
    expect(await transcript(['label', 'in', '--out', 'out', '-p', PRODUCER, '--dry-run'], { cwd })).toMatchInlineSnapshot(`
      "
      $ aigc-label label in --out out -p 001191110000TE0T0EXA0R10001 --dry-run
      ✓ in/a.md → out/a.md: would be labelled (markdown, YAML front matter, mapping AIGC of seven quoted values, +273 bytes)
      ✓ in/sub/b.png → out/sub/b.png: would be labelled (png, iTXt "XML:com.adobe.xmp", TC260:AIGC, +606 bytes)
      Nothing was written. It would be: 2 labelled.
      (exit 0)
      "
    `);
    expect(snapshot(cwd)).toEqual(before);
  });
});

describe('NDJSON', () => {
  test('label: one object a file, and a summary at the end', async () => {
    const { stdout, stderr, code } = await cli(['label', 'in', '--out', 'out', '-p', PRODUCER, '--json'], { cwd });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect({ code, stderr, count: lines.length }).toEqual({ code: 0, stderr: '', count: 3 });
    expect(lines[0]).toMatchObject({
      file: 'in/a.md',
      output: 'out/a.md',
      outcome: 'labelled',
      dryRun: false,
      format: 'markdown',
      mark: null,
      sizeBefore: 15,
    });
    expect(lines[0]).toMatchObject({ label: { ContentProducer: PRODUCER } });
    expect(lines[2]).toEqual({
      summary: { labelled: 2, updated: 0, unchanged: 0, done_earlier: 0, refused: 0, not_begun: 0, dryRun: false, exitCode: 0 },
    });
  });

  test('verify: {file, report} or {file, error}, and the worst decides the exit code', async () => {
    const { stdout, stderr, code } = await cli(['verify', 'in', 'nowhere.png', '--json'], { cwd });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { file: string; report?: { integrity: string }; error?: { code: string } });
    expect({ code, stderr }).toEqual({ code: 10, stderr: '' });
    expect(lines.map(({ file, report, error }) => [file, report?.integrity ?? error?.code])).toEqual([
      ['in/a.md', 'absent'],
      ['in/sub/b.png', 'absent'],
      ['nowhere.png', 'NOT_FOUND'],
    ]);
  });

  test('inspect: {file, inspection}', async () => {
    const { stdout } = await cli(['inspect', 'in/a.md', '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ file: 'in/a.md', inspection: { format: { id: 'markdown' }, findings: [] } });
  });
});

describe('exit codes of verify', () => {
  test.each([
    ['labelled and conformant', 0, ['good.md']],
    ['a violation', 1, ['bad.md', 'in/a.md', 'good.md']],
    ['no label', 2, ['in/a.md', 'good.md']],
    ['undetermined', 3, ['odd.bin', 'good.md']],
    ['no label is worse than undetermined', 2, ['odd.bin', 'in/a.md']],
    ['an error is the worst', 10, ['nowhere', 'bad.md']],
  ] as const)('%s: %i', async (_, code, files) => {
    writeFileSync(join(cwd, 'good.md'), '# T\n');
    await cli(['label', 'good.md', '--in-place', '-p', PRODUCER], { cwd });
    writeFileSync(join(cwd, 'bad.md'), readFileSync(join(cwd, 'good.md'), 'utf8').replace("'1'", "'9'"));
    writeFileSync(join(cwd, 'odd.bin'), new Uint8Array([0, 1, 2, 3, 255, 254, 0, 0, 9]));
    expect((await cli(['verify', ...files], { cwd })).code).toBe(code);
  });
});

describe('standard input and output', () => {
  test('bytes in, labelled bytes out, nothing else on standard output', async () => {
    const picture = fixtureBytes('png/animated.png');
    const { bytes, stderr, code } = await cli(['label', '-', '-p', PRODUCER], { cwd, input: picture });
    expect({ code, stderr: stderr.replace(/\d+ bytes/, 'N bytes') }).toEqual({ code: 0, stderr: '✓ (standard input): labelled (png, +N bytes)\n' });
    expect(bytes.length).toBeGreaterThan(picture.length);
    const verdict = await cli(['verify', '-', '--json'], { cwd, input: bytes });
    expect(JSON.parse(verdict.stdout)).toMatchObject({ file: '-', report: { action: 'generated', isConformant: true } });
    expect(snapshot(cwd)).not.toHaveProperty('-');
  });

  test('--name tells kinds of text apart; --out-file has ordinary permissions', async () => {
    const { code } = await cli(['label', '-', '--name', 'x.md', '-o', 'new/x.md', '-p', PRODUCER, '--json'], { cwd, input: 'Text.\n' });
    expect(code).toBe(0);
    expect(readFileSync(join(cwd, 'new/x.md'), 'utf8')).toMatch(/^---\n/);
  });

  test.each([
    [['label', '-', 'in/a.md', '-o', 'x'], 'cannot be mixed'],
    [['label', '-', '--in-place'], 'goes to standard output'],
    [['label', '-', '--json'], 'use --out-file'],
  ])('%j is refused', async (args, words) => {
    const { code, stderr, stdout } = await cli([...args, '-p', PRODUCER], { cwd, input: 'x' });
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' });
    expect(stderr).toContain(words);
  });
});
