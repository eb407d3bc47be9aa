import type { StreamDialect } from './dialect.ts';

const OVER = /^(?:done|end|finish|complete|close|stop)$/i;

/** Server-sent events whose data is the text itself; the last is told by `[DONE]`, by its name, or by the end of the stream. Not among those that are tried unasked. */
export const plainEvents: StreamDialect = {
  id: 'plain-events',
  read({ name, data }) {
    if (data.trim() === '[DONE]' || (name !== undefined && OVER.test(name))) {
      return { ends: 'all' };
    }
    return name === 'error' ? {} : { deltas: [{ channel: '0', path: undefined, text: data }] };
  },
  delta: (_like, _channel, text) => text,
};
