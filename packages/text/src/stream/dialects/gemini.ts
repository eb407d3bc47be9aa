import { type EventText, envelopeOf, itemsOf, objectOf, type StreamDialect } from './dialect.ts';

/** `GenerateContentResponse` events of Google's Gemini interface; each candidate is a text of its own, and thoughts are not touched. */
export const gemini: StreamDialect = {
  id: 'gemini',
  read({ json }) {
    const candidates = objectOf(json)?.['candidates'];
    if (!Array.isArray(candidates) || !candidates.every((candidate) => objectOf(candidate) !== undefined)) {
      return undefined;
    }
    const deltas = candidates.flatMap((candidate, at) =>
      itemsOf(objectOf(candidate.content)?.['parts']).flatMap((value, index): readonly EventText[] => {
        const part = objectOf(value);
        const path = ['candidates', at, 'content', 'parts', index, 'text'];
        return typeof part?.['text'] === 'string' && part['thought'] !== true
          ? [{ channel: String(candidate.index ?? at), path, text: part['text'] }]
          : [];
      }),
    );
    const ends = candidates.flatMap((candidate, at) => (typeof candidate.finishReason === 'string' ? [String(candidate.index ?? at)] : []));
    return { deltas, ends };
  },
  delta({ json }, channel, text) {
    return JSON.stringify({ ...envelopeOf(json), candidates: [{ content: { parts: [{ text }], role: 'model' }, index: Number(channel) }] });
  },
};
