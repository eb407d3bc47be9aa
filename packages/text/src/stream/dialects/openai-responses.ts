import { type EventParts, type EventText, envelopeOf, itemsOf, type JsonObject, objectOf, type StreamDialect } from './dialect.ts';

const channelOf = (output: unknown, content: unknown): string => `${output}/${content}`;

/** Events of OpenAI's Responses interface, which say a text once more when it is over: the notices stand there, too. A new event has the sequence number of the one before. */
export const openAiResponses: StreamDialect = {
  id: 'openai-responses',
  read({ json }) {
    const event = objectOf(json);
    const type = event?.['type'];
    if (event === undefined || typeof type !== 'string' || !/^(?:response\.|error$)/.test(type)) {
      return undefined;
    }
    const { output_index: output, content_index: content } = event;
    const channel = channelOf(output, content);
    switch (type) {
      case 'response.output_text.delta':
        return { deltas: textAt(event['delta'], channel, ['delta']) };
      case 'response.output_text.done':
        return { ends: [channel], wholes: textAt(event['text'], channel, ['text']) };
      case 'response.content_part.done':
        return { ends: [channel], wholes: textAt(objectOf(event['part'])?.['text'], channel, ['part', 'text']) };
      case 'response.output_item.done':
        return { wholes: itemTexts(event['item'], output, ['item']) };
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        return finished(event);
      default:
        return {};
    }
  },
  delta({ json }, _channel, text) {
    return JSON.stringify({ ...envelopeOf(json), obfuscation: undefined, delta: text, logprobs: [] });
  },
};

const finished = (event: JsonObject): EventParts => ({
  ends: 'all',
  wholes: itemsOf(objectOf(event['response'])?.['output']).flatMap((item, index) => itemTexts(item, index, ['response', 'output', index])),
});

const itemTexts = (item: unknown, output: unknown, path: readonly (string | number)[]): readonly EventText[] =>
  itemsOf(objectOf(item)?.['content']).flatMap((part, index) =>
    objectOf(part)?.['type'] === 'output_text' ? textAt(objectOf(part)?.['text'], channelOf(output, index), [...path, 'content', index, 'text']) : [],
  );

const textAt = (text: unknown, channel: string, path: readonly (string | number)[]): readonly EventText[] =>
  typeof text === 'string' ? [{ channel, path, text }] : [];
