import { utf8 } from '@aigc-label/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatEvents, completionEvents, geminiEvents, messageEvents, ollamaLines, readEvents, responseEvents } from '../../test/stream-events.ts';
import { asksForJson, type NoticeEventsOptions, noticeJsonLines, noticeSse, plainEvents } from './index.ts';

const N = 'AI生成';
const START = `> ${N}\n\n`;
const END = `\n\n> ${N}`;
const both: NoticeEventsOptions = { positions: ['start', 'end'] };
type Make = typeof noticeSse;

const through = async <Chunk extends string | Uint8Array>(
  chunks: readonly Chunk[],
  options: NoticeEventsOptions = both,
  make: Make = noticeSse,
): Promise<readonly Chunk[]> => {
  const source = new ReadableStream<Chunk>({
    start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(chunk);
      }
      controller.close();
    },
  });
  const out: Chunk[] = [];
  const reader = source.pipeThrough(make<Chunk>(options)).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    out.push(read.value);
  }
  return out;
};
const textOf = async (text: string, options = both, make: Make = noticeSse): Promise<string> => (await through([text], options, make)).join('');
/** What the tests look at in any of the events. */
interface Seen {
  readonly type: string;
  readonly text: string;
  readonly choices: readonly { readonly index: number; readonly text: string; readonly delta: { readonly content?: string } }[];
  readonly delta?: string & { readonly text?: string };
  readonly candidates: readonly { readonly content: Texts<'parts'> }[];
  readonly part: { readonly text: string };
  readonly item: Texts<'content'>;
  readonly response: { readonly output: readonly Texts<'content'>[] };
}
type Texts<Key extends string> = Readonly<Record<Key, readonly { readonly text: string }[]>>;
const jsonOf = (stream: string): readonly Seen[] => readEvents(stream).flatMap(({ data }) => (data.startsWith('{') ? [JSON.parse(data)] : []));
const eventsOf = (stream: string): readonly string[] => stream.match(/[\s\S]*?(?:\r\n\r\n|\n\n)/g) ?? [];
const chatText = (stream: string, index = 0): string =>
  jsonOf(stream)
    .flatMap(({ choices }) => choices)
    .filter((choice) => choice.index === index)
    .map(({ delta }) => delta.content ?? '')
    .join('');

interface Kind {
  readonly make: (...texts: readonly string[]) => string;
  readonly read: (stream: string) => string;
  readonly stream: Make;
}
const KINDS: Readonly<Record<string, Kind>> = {
  'OpenAI chat': { make: chatEvents, read: chatText, stream: noticeSse },
  'OpenAI completions': {
    make: completionEvents,
    read: (out) =>
      jsonOf(out)
        .map(({ choices }) => choices[0]!.text)
        .join(''),
    stream: noticeSse,
  },
  'OpenAI Responses': {
    make: responseEvents,
    read: (out) =>
      jsonOf(out)
        .map(({ delta }) => delta ?? '')
        .join(''),
    stream: noticeSse,
  },
  Anthropic: {
    make: messageEvents,
    read: (out) =>
      jsonOf(out)
        .map(({ delta }) => delta?.text ?? '')
        .join(''),
    stream: noticeSse,
  },
  Gemini: {
    make: geminiEvents,
    read: (out) =>
      jsonOf(out)
        .map(({ candidates }) => candidates[0]!.content.parts[0]!.text)
        .join(''),
    stream: noticeSse,
  },
  Ollama: {
    make: ollamaLines,
    read: (out) =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).message.content)
        .join(''),
    stream: noticeJsonLines,
  },
};

describe.each(Object.entries(KINDS))('%s', (_name, { make, read, stream }) => {
  const texts = ['你好', ' "quoted"\n', '```js\n', 'let a = "\u{1f600}";'];
  const given = make(...texts);

  it('has the notices in its text, and every other event as it was', async () => {
    const out = await textOf(given, both, stream);
    expect(read(out)).toBe(`${START}${texts.join('')}\n\`\`\`${END}`);
    // Byte for byte: with the inserted text taken out, and the new event, the stream is what it was.
    const isLines = stream === noticeJsonLines;
    const cut = (value: string): readonly string[] => (isLines ? value.split(/(?<=\n)/) : eventsOf(value));
    const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
    const kept = cut(out).map((event) => event.replaceAll(inJson(START), '').replaceAll(inJson(`\n\`\`\`${END}`), ''));
    const original = cut(given);
    expect(kept.filter((event) => original.includes(event))).toEqual(original);
    expect(kept.length - original.length).toBe(make === geminiEvents ? 0 : 1);
  });

  it('has none where there is no text', async () => {
    const silent = make('');
    expect(await textOf(silent, both, stream)).toBe(silent);
  });

  it('gives the same however it is cut, as text and as bytes', async () => {
    const whole = await textOf(given, both, stream);
    const bytes = utf8(given);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (where) => {
        const at = [...new Set(where)].toSorted((a, b) => a - b);
        const cut = <Value extends { slice(a: number, b: number): Value; length: number }>(value: Value): Value[] =>
          [0, ...at].map((from, index) => value.slice(from, at[index] ?? value.length));
        expect((await through(cut(given), both, stream)).join('')).toBe(whole);
        expect(Buffer.concat(await through(cut(bytes), both, stream)).toString()).toBe(whole);
      }),
      { seed: 20_260_901, numRuns: 40 },
    );
    expect((await through([...given].join('|').split('|'), both, stream)).length).toBeGreaterThan(0);
  });

  it('passes each event on at once, the very same chunk but where a notice is', async () => {
    const chunks = (stream === noticeJsonLines ? given.split(/(?<=\n)/) : eventsOf(given)).map(utf8);
    const out = await through(chunks, both, stream);
    expect(out.length).toBe(chunks.length);
    expect(out.filter((chunk) => chunks.includes(chunk)).length).toBeGreaterThanOrEqual(chunks.length - (make === responseEvents ? 6 : 2));
  });

  it('front matter stays the first', async () => {
    const out = await textOf(make('-', '--', '\n', 'k: v\n', '---\n', 'text'), both, stream);
    expect(read(out)).toBe(`---\nk: v\n---\n${START}text${END}`);
  });
});

describe('OpenAI chat', () => {
  const chunk = (choices: readonly object[], more: object = {}): string => `data: ${JSON.stringify({ id: 'c', model: 'm', choices, ...more })}\n\n`;

  it('each choice has its own', async () => {
    const given =
      chunk([
        { index: 0, delta: { content: 'a' } },
        { index: 1, delta: { content: 'b' } },
      ]) +
      chunk([{ index: 1, delta: { content: '```\nB' } }]) +
      chunk([{ index: 1, delta: {}, finish_reason: 'stop' }]) +
      chunk([{ index: 0, delta: { content: 'A' }, finish_reason: 'stop' }]) +
      'data: [DONE]\n\n';
    const out = await textOf(given);
    expect(chatText(out, 0)).toBe(`${START}aA${END}`);
    expect(chatText(out, 1)).toBe(`${START}b\`\`\`\nB${END}`);
    expect(readEvents(out).length).toBe(6);
  });

  it('the new event is in the image of the others', async () => {
    const out = jsonOf(await textOf(chatEvents('a')));
    expect(out.at(-3)).toEqual({
      id: 'c-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta: { content: END }, finish_reason: null }],
    });
  });

  it.each([
    [
      'tool calls',
      chunk([{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '{"a":"AI"}' } }] } }]) +
        chunk([{ index: 0, delta: {}, finish_reason: 'tool_calls' }]),
    ],
    ['a refusal', chunk([{ index: 0, delta: { refusal: 'no' } }]) + chunk([{ index: 0, delta: {}, finish_reason: 'stop' }])],
    ['thoughts', chunk([{ index: 0, delta: { reasoning_content: 'hm', content: null } }])],
    ['an error', 'data: {"error":{"message":"overloaded"}}\n\n'],
    ['comments', ': keep-alive\n\n:\n\nretry: 10\nid: 1\n\n'],
    ['usage', chunk([], { usage: { total_tokens: 1 } })],
    ['what is no JSON', 'data: {"choices": [\n\ndata: hello\n\n'],
  ])('%s: untouched', async (_name, given) => {
    expect(await textOf(given)).toBe(given);
    expect(await textOf(given + chatEvents('a'))).toBe(given + (await textOf(chatEvents('a'))));
  });

  it('without [DONE], and without a finish', async () => {
    const given = chatEvents('a', 'b').split('data: ').slice(0, 4).join('data: ');
    expect(chatText(await textOf(given))).toBe(`${START}ab${END}`);
    // The last event was not ended, or broke off.
    expect(chatText(await textOf(given.slice(0, -2)))).toBe(`${START}ab${END}`);
    const broken = await textOf(given.slice(0, -9));
    expect(chatText(broken.slice(0, broken.lastIndexOf('data:')))).toBe(`${START}a${END}`);
    expect(broken.endsWith(given.slice(given.lastIndexOf('data:'), -9))).toBe(true);
  });

  it('after an error of the source, none is added', async () => {
    const source = new ReadableStream<string>({
      start(controller) {
        controller.enqueue(chatEvents('a').split('data: ').slice(0, 3).join('data: '));
      },
      pull(controller) {
        controller.error(new Error('lost'));
      },
    });
    const reader = source.pipeThrough(noticeSse<string>(both)).getReader();
    await expect(
      (async () => {
        for (let read = await reader.read(); !read.done; read = await reader.read()) {
          expect(read.value).not.toContain(END);
        }
      })(),
    ).rejects.toThrow('lost');
  });

  it('surrogates that were cut stay with each other', async () => {
    const out = await textOf(chatEvents('\ud83d', '\ude00'));
    expect(chatText(out)).toBe(`${START}\u{1f600}${END}`);
    const raw = 'data: {"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}\n\n';
    expect(chatText(await textOf(raw, { positions: ['start'] }))).toBe(`${START}\ud83d`);
  });

  it.each(['\n', '\r\n', '\r'])('line ending %j, a byte order mark, ids and data over several lines', async (ending) => {
    const given = [
      '\ufeffid: 1',
      'data: {"choices": [',
      'data:{"index":0,"delta":{"content":"a"},',
      'data:  "finish_reason":null}]}',
      '',
      'data: [DONE]',
      '',
      '',
    ].join(ending);
    const out = await textOf(given);
    expect(chatText(out)).toBe(`${START}a${END}`);
    expect(out.startsWith(`\ufeffid: 1${ending}data: {"choices": [${ending}`)).toBe(true);
    expect(/\r\n|\n|\r/.exec(out)?.[0]).toBe(ending);
    expect(new Set(out.match(/\r\n|\n|\r/g))).toEqual(new Set([ending]));
    const bytes = utf8(given);
    expect(Buffer.concat(await through([...bytes].map((byte) => Uint8Array.of(byte)))).toString()).toBe(out);
  });

  it('a request for JSON: untouched', async () => {
    for (const request of [
      { response_format: { type: 'json_object' } },
      { response_format: { type: 'json_schema', json_schema: {} } },
      { text: { format: { type: 'json_schema' } } },
      { format: 'json' },
      { format: { type: 'object' } },
      { generationConfig: { responseMimeType: 'application/json' } },
    ]) {
      expect(asksForJson(request)).toBe(true);
      expect(await textOf(chatEvents('{"a":1}'), { ...both, request })).toBe(chatEvents('{"a":1}'));
    }
    for (const request of [undefined, {}, null, 1, { response_format: { type: 'text' } }, { text: { format: { type: 'text' } } }, { format: '' }]) {
      expect(asksForJson(request)).toBe(false);
    }
  });
});

it('OpenAI Responses: the whole text that is said once more has the notices, too', async () => {
  const out = jsonOf(await textOf(responseEvents('```\n', 'a')));
  const text = `${START}\`\`\`\na\n\`\`\`${END}`;
  expect(out.find(({ type }) => type === 'response.output_text.done')!.text).toBe(text);
  expect(out.find(({ type }) => type === 'response.content_part.done')!.part.text).toBe(text);
  expect(out.find(({ type }) => type === 'response.output_item.done')!.item.content[0]!.text).toBe(text);
  expect(out.at(-1)!.response.output[0]!.content[0]!.text).toBe(text);
});

it('plain text in the data: in further data lines', async () => {
  const options = { ...both, dialects: [plainEvents] };
  const read = (stream: string): string =>
    readEvents(stream)
      .flatMap(({ name, data }) => (name === 'done' || data === '[DONE]' ? [] : [data]))
      .join('');
  for (const last of ['data: [DONE]\n\n', 'event: done\ndata: {}\n\n', '']) {
    const given = `event: token\ndata: Hello\n\nevent: token\ndata:  world\n\n${last}`;
    const out = await textOf(given, options);
    expect(read(out)).toBe(`${START}Hello world${END}`);
    expect(out.endsWith(last)).toBe(true);
    expect(out.startsWith(`event: token\ndata: > ${N}\ndata: \ndata: Hello\n\n`)).toBe(true);
  }
  expect(await textOf('data: a', options)).toBe(`data: > ${N}\ndata: \ndata: a\n\ndata: \ndata: \ndata: > ${N}\n\n`);
});

it('an event longer than is kept goes through unread', async () => {
  const chunk = `${'x'.repeat(1 << 20)}`;
  const out = await through(['data: ', ...Array(6).fill(chunk), '\n\n', chatEvents('a')]);
  expect(out.join('')).toBe(`data: ${chunk.repeat(6)}\n\n${await textOf(chatEvents('a'))}`);
  const lines = await through([...Array(6).fill(chunk), '\n', ollamaLines('a')], both, noticeJsonLines);
  expect(lines.join('')).toBe(`${chunk.repeat(6)}\n${await textOf(ollamaLines('a'), both, noticeJsonLines)}`);
});

it('anything at all: never throws, and is the same where it holds no text', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 9 }), fc.array(fc.json(), { maxLength: 4 }), async (chunks, values) => {
      expect(Buffer.concat(await through(chunks))).toEqual(Buffer.concat(chunks));
      const stream = values.map((value) => `data: ${value}\n\n`).join('');
      expect(await textOf(stream)).toBe(stream);
    }),
    { seed: 20_260_901, numRuns: 100 },
  );
});
