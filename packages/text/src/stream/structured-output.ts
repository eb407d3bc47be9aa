import { objectOf } from './dialects/dialect.ts';

/**
 * Whether the body of a request to a model asks for JSON instead of text for people: `response_format` (chat completions), `text.format` (Responses), `format` (Ollama),
 * `generationConfig.responseMimeType` or `responseSchema` (Gemini). A notice would break such an answer; who shows it to people puts the notice there (§5.6).
 */
export const asksForJson = (request: unknown): boolean => {
  const body = objectOf(request) ?? {};
  const formats = [body['response_format'], objectOf(body['text'])?.['format']].map((format) => objectOf(format)?.['type'] ?? 'text');
  const generation = objectOf(body['generationConfig']) ?? objectOf(body['generation_config']) ?? {};
  const mediaType = generation['responseMimeType'] ?? generation['response_mime_type'] ?? 'text/plain';
  return (
    formats.some((type) => type !== 'text') ||
    body['format'] === 'json' ||
    objectOf(body['format']) !== undefined ||
    mediaType !== 'text/plain' ||
    generation['responseSchema'] !== undefined
  );
};
