import { noticeSse, noticeStream } from '@aigc-label/text';
import { row } from './measure.ts';

type Chunk = string | Uint8Array;
type Make = () => TransformStream<Chunk, Chunk>;

/** Rounds so short that most of them are over before the machine turns to something else. */
const TOKENS = 200;
const ROUNDS = 1001;
const WARM_UPS = 100;
const FIRSTS = 400;
const WORDS = [
  'The',
  ' answer',
  ' is',
  ' **',
  'forty',
  '-two',
  '**',
  '.',
  '\n\n',
  '- ',
  '你',
  '好',
  '，',
  '```',
  'js\n',
  'let',
  ' a',
  ' =',
  ' 1',
  ';\n',
  '```',
  '\n',
];

const tokens: readonly string[] = Array.from({ length: TOKENS }, (_, index) => WORDS[index % WORDS.length] as string);
const event = (content: string): string =>
  `data: {"id":"chatcmpl-AbCdEf","object":"chat.completion.chunk","created":1767225600,"model":"m-1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":${JSON.stringify({ content })},"logprobs":null,"finish_reason":null}]}\n\n`;
const encoder = new TextEncoder();

/** What is streamed, by whom. */
const CASES: readonly (readonly [string, readonly Chunk[], Make])[] = [
  ['plain text', tokens, () => noticeStream({ kind: 'plain', positions: ['start', 'end'] })],
  ['Markdown', tokens, () => noticeStream({ positions: ['start', 'end'] })],
  ['Markdown, bytes', tokens.map((token) => encoder.encode(token)), () => noticeStream({ positions: ['start', 'end'] })],
  ['OpenAI chunks, strings', tokens.map(event), () => noticeSse({ positions: ['start', 'end'] })],
  ['OpenAI chunks, SSE bytes', tokens.map((token) => encoder.encode(event(token))), () => noticeSse({ positions: ['start', 'end'] })],
];

/** How long all chunks take one after another, each read before the next is written, in milliseconds. */
const whole = async (chunks: readonly Chunk[], make: Make): Promise<number> => {
  const { readable, writable } = make();
  const writer = writable.getWriter();
  const reader = readable.getReader();
  const started = performance.now();
  for (const chunk of chunks) {
    void writer.write(chunk);
    await reader.read();
  }
  const elapsed = performance.now() - started;
  void writer.close();
  while (!(await reader.read()).done) {}
  return elapsed;
};

/** How long the first chunk of a new stream takes, the making of the stream included, in milliseconds. */
const first = async (chunks: readonly Chunk[], make: Make): Promise<number> => {
  const started = performance.now();
  const { readable, writable } = make();
  const writer = writable.getWriter();
  void writer.write(chunks[0] as Chunk);
  const reader = readable.getReader();
  await reader.read();
  const elapsed = performance.now() - started;
  await reader.cancel();
  return elapsed;
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const identity: Make = () => new TransformStream<Chunk, Chunk>();

/** The notice in a stream of tokens, against a TransformStream that changes nothing, in turn. */
export const benchTokenStream = async (): Promise<void> => {
  console.log(`\nNotice in a stream of ${TOKENS} tokens: microseconds, median of ${ROUNDS} rounds and of ${FIRSTS} first tokens`);
  row('', 'identity / token', 'notice / token', 'more / token', 'identity, first', 'notice, first');
  for (const [name, chunks, make] of CASES) {
    const times: Record<'identity' | 'notice', number[]> = { identity: [], notice: [] };
    const firsts: Record<'identity' | 'notice', number[]> = { identity: [], notice: [] };
    for (let round = -WARM_UPS; round < ROUNDS; round += 1) {
      const rivals = { identity: await whole(chunks, identity), notice: await whole(chunks, make) };
      if (round >= 0) {
        times.identity.push(rivals.identity);
        times.notice.push(rivals.notice);
      }
    }
    for (let round = 0; round < FIRSTS; round += 1) {
      firsts.identity.push(await first(chunks, identity));
      firsts.notice.push(await first(chunks, make));
    }
    const perToken = (values: readonly number[]): number => (median(values) * 1000) / TOKENS;
    const plain = perToken(times.identity);
    const marked = perToken(times.notice);
    row(name, plain, marked, marked - plain, median(firsts.identity) * 1000, median(firsts.notice) * 1000);
  }
};
