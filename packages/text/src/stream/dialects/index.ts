import { anthropic } from './anthropic.ts';
import type { StreamDialect } from './dialect.ts';
import { gemini } from './gemini.ts';
import { ollama } from './ollama.ts';
import { openAiChat } from './openai-chat.ts';
import { openAiCompletions } from './openai-completions.ts';
import { openAiResponses } from './openai-responses.ts';

export type { EventParts, EventText, StreamDialect, StreamEvent } from './dialect.ts';
export { plainEvents } from './plain-events.ts';
export { anthropic, gemini, ollama, openAiChat, openAiCompletions, openAiResponses };

/** The dialects that are told apart by what their events look like. */
export const streamDialects: readonly StreamDialect[] = [openAiChat, openAiResponses, anthropic, ollama, gemini, openAiCompletions];
