import type { HostileFile } from './hostile-file.ts';

const file = (
  name: string,
  text: () => string,
  integrity: HostileFile['integrity'] = ['malformed', 'unsupported'],
  format: HostileFile['format'] = 'json',
): HostileFile => ({ name, format, bytes: () => new TextEncoder().encode(text()), integrity });
const LABEL = '{"Label":"1","ContentProducer":"a","ProduceID":"b","ReservedCode1":"","ContentPropagator":"a","PropagateID":"b","ReservedCode2":""}';

/** JSON texts that are made to do harm. */
export const jsonHostile: readonly HostileFile[] = [
  file('a million levels', () => `{"a":${'['.repeat(1_000_000)}`),
  file('a million levels in the label', () => `{"AIGC":${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}}`),
  file('the key twice', () => `{"AIGC":${LABEL},"AIGC":${LABEL.replace('"1"', '"2"')}}`, ['ambiguous', 'malformed', 'unsupported']),
  file('a million times the key', () => `{${'"AIGC":1,'.repeat(1_000_000)}"a":1}`, ['ambiguous', 'malformed', 'unsupported']),
  file('__proto__', () => `{"__proto__":{"AIGC":${LABEL}},"AIGC":{"__proto__":{"Label":"1"}}}`),
  file('lone surrogates', () => `{"AIGC":${LABEL.replace('"b"', '"\\ud800"')}}`, ['unsigned', 'malformed', 'unsupported']),
  file('1e400', () => `{"a":1e400,"AIGC":{"Label":1e400}}`),
  file('junk behind', () => `{"AIGC":${LABEL}} <html>`, ['unsigned', 'malformed', 'unsupported']),
  file('a string of 15 MB', () => `{"a":"${'x'.repeat(15_000_000)}"}`, ['absent']),
  file('a string of 15 MB of escapes', () => `{"a":"${'\\u0041'.repeat(2_500_000)}"}`, ['absent']),
  file('a label of 15 MB', () => `{"AIGC":{"Label":"${'x'.repeat(15_000_000)}"}}`),
  file('five million members', () => `{${'"":1,'.repeat(3_000_000)}"a":1}`, ['absent']),
  file('five million numbers', () => `{"a":[${'1,'.repeat(5_000_000)}1]}`, ['absent']),
  file('15 MB of white space', () => `{"a":${' '.repeat(15_000_000)}1}`, ['absent']),
  file('a number of 15 MB', () => `{"a":${'1'.repeat(15_000_000)}}`, ['absent']),
  file('20 MB', () => `{"a":"${'x'.repeat(20_000_000)}"}`),
  file('a line of 20 MB', () => `{"a":1}\n{"a":"${'x'.repeat(20_000_000)}"}\n`, ['absent', 'unsupported', 'malformed'], 'jsonl'),
  file('ten million lines', () => '{}\n'.repeat(6_000_000), ['absent', 'unsupported', 'malformed'], 'jsonl'),
];
