import { envelopeOf, objectOf, type StreamDialect } from './dialect.ts';

const TYPES: ReadonlySet<unknown> = new Set([
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
]);

/** Events of Anthropic's Messages interface; each block of text is a text of its own. */
export const anthropic: StreamDialect = {
  id: 'anthropic',
  read({ json }) {
    const event = objectOf(json);
    if (event === undefined || !TYPES.has(event['type'])) {
      return undefined;
    }
    const channel = String(event['index']);
    const delta = objectOf(event['delta']);
    if (event['type'] === 'content_block_delta' && delta?.['type'] === 'text_delta' && typeof delta['text'] === 'string') {
      return { deltas: [{ channel, path: ['delta', 'text'], text: delta['text'] }] };
    }
    const isOver = event['type'] === 'message_delta' || event['type'] === 'message_stop';
    return isOver ? { ends: 'all' } : event['type'] === 'content_block_stop' ? { ends: [channel] } : {};
  },
  delta({ json }, channel, text) {
    return JSON.stringify({ ...envelopeOf(json), index: Number(channel), delta: { type: 'text_delta', text } });
  },
};
