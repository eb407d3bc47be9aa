import { type EventText, envelopeOf, itemsOf, objectOf, type StreamDialect } from './dialect.ts';

/** `chat.completion.chunk` events, as OpenAI and many others send them; each choice is a text of its own. */
export const openAiChat: StreamDialect = {
  id: 'openai-chat',
  read({ data, json }) {
    if (json === undefined) {
      return data.trim() === '[DONE]' ? { ends: 'all' } : undefined;
    }
    const choices = objectOf(json)?.['choices'];
    if (!Array.isArray(choices) || !choices.every((choice) => objectOf(objectOf(choice)?.['delta']) !== undefined)) {
      return undefined;
    }
    const deltas: EventText[] = [];
    const ends: string[] = [];
    choices.forEach((choice, at) => {
      const channel = String(choice.index ?? at);
      const { content } = choice.delta;
      if (typeof content === 'string') {
        deltas.push({ channel, path: ['choices', at, 'delta', 'content'], text: content });
      }
      // Some services send an array of parts.
      itemsOf(content).forEach((part, index) => {
        const text = objectOf(part)?.['type'] === 'text' ? objectOf(part)?.['text'] : undefined;
        if (typeof text === 'string') {
          deltas.push({ channel, path: ['choices', at, 'delta', 'content', index, 'text'], text });
        }
      });
      if (typeof choice.finish_reason === 'string') {
        ends.push(channel);
      }
    });
    return { deltas, ends };
  },
  delta({ json }, channel, text) {
    return JSON.stringify({
      ...envelopeOf(json),
      obfuscation: undefined,
      choices: [{ index: Number(channel), delta: { content: text }, finish_reason: null }],
    });
  },
};
