import { type EventText, envelopeOf, objectOf, type StreamDialect } from './dialect.ts';

/** `text_completion` events of the older completions interface. */
export const openAiCompletions: StreamDialect = {
  id: 'openai-completions',
  read({ json }) {
    const choices = objectOf(json)?.['choices'];
    if (!Array.isArray(choices) || choices.length === 0 || !choices.every((choice) => typeof objectOf(choice)?.['text'] === 'string')) {
      return undefined;
    }
    const deltas = choices.map(
      (choice, at): EventText => ({ channel: String(choice.index ?? at), path: ['choices', at, 'text'], text: choice.text }),
    );
    const ends = choices.flatMap((choice, at) => (typeof choice.finish_reason === 'string' ? [String(choice.index ?? at)] : []));
    return { deltas, ends };
  },
  delta({ json }, channel, text) {
    return JSON.stringify({ ...envelopeOf(json), choices: [{ index: Number(channel), text, logprobs: null, finish_reason: null }] });
  },
};
