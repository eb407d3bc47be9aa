import { envelopeOf, objectOf, type StreamDialect } from './dialect.ts';

/** Lines of Ollama's chat and generate interfaces. */
export const ollama: StreamDialect = {
  id: 'ollama',
  read({ json }) {
    const event = objectOf(json);
    if (event === undefined || typeof event['done'] !== 'boolean') {
      return undefined;
    }
    const content = objectOf(event['message'])?.['content'];
    const found = typeof content === 'string' ? { path: ['message', 'content'], text: content } : { path: ['response'], text: event['response'] };
    const deltas = typeof found.text === 'string' ? [{ channel: '0', path: found.path, text: found.text }] : [];
    return event['done'] ? { deltas, ends: 'all' } : { deltas };
  },
  delta({ json }, _channel, text) {
    const message = objectOf(objectOf(json)?.['message']);
    const envelope = envelopeOf(json);
    return JSON.stringify(
      message === undefined
        ? { ...envelope, response: text, done: false }
        : { ...envelope, message: { role: message['role'], content: text }, done: false },
    );
  },
};
