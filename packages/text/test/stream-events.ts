// What the services of the dialects send, shortened: for tests.

const chat = (delta: object, more: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }] })}\n\n`;

/** A chat answer in OpenAI's events; the last words come with nothing else. */
export const chatEvents = (...texts: readonly string[]): string =>
  [
    chat({ role: 'assistant', content: '' }),
    ...texts.map((content) => chat({ content })),
    chat({}, { finish_reason: 'stop' }),
    `data: ${JSON.stringify({ id: 'c-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { total_tokens: 9 } })}\n\n`,
    'data: [DONE]\n\n',
  ].join('');

const named = (event: { readonly type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** A message of Anthropic's with one block of text and a tool call. */
export const messageEvents = (...texts: readonly string[]): string =>
  [
    { type: 'message_start', message: { id: 'msg', type: 'message', role: 'assistant', content: [], usage: { input_tokens: 1, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...texts.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a": 1}' } },
    { type: 'content_block_stop', index: 1 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]
    .map(named)
    .join('');

/** An answer of the Responses interface. */
export const responseEvents = (...texts: readonly string[]): string => {
  const place = { item_id: 'i', output_index: 0, content_index: 0 };
  const text = texts.join('');
  const part = { type: 'output_text', text, annotations: [] };
  const item = { id: 'i', type: 'message', role: 'assistant', content: [part] };
  return [
    { type: 'response.created', response: { id: 'r', output: [] } },
    { type: 'response.output_item.added', output_index: 0, item: { ...item, content: [] } },
    { type: 'response.content_part.added', ...place, part: { ...part, text: '' } },
    ...texts.map((delta) => ({ type: 'response.output_text.delta', ...place, delta, logprobs: [], obfuscation: 'x1y' })),
    { type: 'response.output_text.done', ...place, text },
    { type: 'response.content_part.done', ...place, part },
    { type: 'response.output_item.done', output_index: 0, item },
    { type: 'response.completed', response: { id: 'r', output: [item], usage: { total_tokens: 9 } } },
  ]
    .map((event, index) => named(Object.assign({ sequence_number: index }, event)))
    .join('');
};

/** Lines of Ollama's chat. */
export const ollamaLines = (...texts: readonly string[]): string =>
  [
    ...texts.map((content) => ({ model: 'm', created_at: 't', message: { role: 'assistant', content }, done: false })),
    { model: 'm', created_at: 't', message: { role: 'assistant', content: '' }, done: true, total_duration: 5 },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

/** Events of Gemini's; the last words and the end come in one. */
export const geminiEvents = (...texts: readonly string[]): string =>
  texts
    .map((text, index) => ({
      candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0, ...(index === texts.length - 1 ? { finishReason: 'STOP' } : {}) }],
      usageMetadata: { totalTokenCount: 9 },
      modelVersion: 'm',
    }))
    .map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`)
    .join('');

/** Events of the older completions. */
export const completionEvents = (...texts: readonly string[]): string =>
  [
    ...texts.map((text) => ({ id: 'x', object: 'text_completion', choices: [{ text, index: 0, logprobs: null, finish_reason: null }] })),
    { id: 'x', object: 'text_completion', choices: [{ text: '', index: 0, logprobs: null, finish_reason: 'stop' }] },
  ]
    .map((event) => `data: ${JSON.stringify(event)}\n\n`)
    .concat('data: [DONE]\n\n')
    .join('');

/** What a client reads: the data of each event, as WHATWG HTML §9.2.6 has it, line by line. */
export const readEvents = (stream: string): readonly { readonly name: string | undefined; readonly data: string }[] => {
  const events: { name: string | undefined; data: string }[] = [];
  let data: string[] = [];
  let name: string | undefined;
  for (const line of stream.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    if (line === '') {
      events.push(...(data.length > 0 ? [{ name, data: data.join('\n') }] : []));
      data = [];
      name = undefined;
    } else if (line.startsWith('data:')) {
      data.push(line.slice(5).replace(/^ /, ''));
    } else if (line.startsWith('event:')) {
      name = line.slice(6).replace(/^ /, '');
    }
  }
  return events;
};
