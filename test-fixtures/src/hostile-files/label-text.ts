import { international, withChunks } from '../build/png.ts';
import { LABEL } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** What Annex E does not allow, and products write all the same (spec/labels.md §5.1, rows 13 and 23 to 25): read, and told as a deviation. */
const TOLERATED: HostileFile['integrity'] = ['unsigned'];
const MALFORMED: HostileFile['integrity'] = ['malformed'];

/** A text under the key AIGC of a PNG. */
const label = (name: string, text: () => string, integrity: HostileFile['integrity']): HostileFile => ({
  name: `label: ${name}`,
  format: 'png',
  bytes: () => withChunks(international('AIGC', text())),
  integrity,
});
const withField = (field: string): string => LABEL.replace('{', `{${field},`);
const withValue = (value: string): string => LABEL.replace(/"ProduceID":"[^"]*"/, `"ProduceID":${value}`);
const withLabel = (value: string): string => LABEL.replace('"Label":"1"', `"Label":${value}`);

/** Texts of labels that are made to do harm (spec/provenance.md §4.4, row JSON). */
export const labelHostile: readonly HostileFile[] = [
  label('100,000 levels', () => `${'{"AIGC":'.repeat(50_000)}1${'}'.repeat(50_000)}`, MALFORMED),
  label('1,000,000 levels of lists', () => '['.repeat(500_000) + ']'.repeat(500_000), MALFORMED),
  label('7,000 levels in less than 16 KiB', () => withValue('['.repeat(7_000) + ']'.repeat(7_000)), MALFORMED),
  label('fifty levels', () => withValue('['.repeat(50) + ']'.repeat(50)), TOLERATED),
  label('8,000 levels that never close', () => '['.repeat(8_000), MALFORMED),
  label('a name twice', () => withField('"Label":"2"'), MALFORMED),
  label('a name twice, once with escapes', () => withField('"\\u004cabel":"2"'), MALFORMED),
  label('a name twice in a value', () => withValue('{"a":1,"a":2}'), MALFORMED),
  label('the wrapper twice', () => `{"AIGC":${LABEL},"AIGC":${LABEL}}`, MALFORMED),
  label('__proto__', () => withField('"__proto__":{"Label":"3"}'), TOLERATED),
  label('nothing but __proto__', () => `{"__proto__":${LABEL}}`, MALFORMED),
  label('constructor', () => withField('"constructor":{"prototype":{"Label":"3"}}'), TOLERATED),
  label('toString as a misspelling', () => withField('"toString":"1","hasOwnProperty":"2"'), TOLERATED),
  label('a lone surrogate', () => withValue('"\\ud800"'), TOLERATED),
  label('a NUL', () => withValue('"\\u0000"'), TOLERATED),
  label('a line end that is not escaped', () => withValue('"\n"'), MALFORMED),
  label('1e400', () => withValue('1e400'), TOLERATED),
  label('1e400 as Label', () => withLabel('1e400'), MALFORMED),
  label('NaN', () => withValue('NaN'), MALFORMED),
  label('a byte order mark', () => `\uFEFF${LABEL}`, TOLERATED),
  label('two byte order marks', () => `\uFEFF\uFEFF${LABEL}`, TOLERATED),
  label('junk behind', () => `${LABEL} <script>`, MALFORMED),
  label('a second object behind', () => LABEL + LABEL, MALFORMED),
  label('a comma behind the last field', () => LABEL.replace(/\}$/, ',}'), MALFORMED),
  label('a comment', () => LABEL.replace('{', '{/* x */'), MALFORMED),
  label('single quotes', () => LABEL.replaceAll('"', "'"), MALFORMED),
  label('a list', () => `[${LABEL}]`, MALFORMED),
  label('a number', () => '1', MALFORMED),
  label('null', () => 'null', MALFORMED),
  label('wrong types', () => withValue('[1,{"a":null}]'), TOLERATED),
  label('Label as a number', () => withLabel('1'), TOLERATED),
  label('Label as a list', () => withLabel('["1"]'), MALFORMED),
  label('Label as an object', () => withLabel('{"1":"1"}'), MALFORMED),
  label('Label as true', () => withLabel('true'), MALFORMED),
  label('Label in full width', () => withLabel('"１"'), MALFORMED),
  label('Label with a space', () => withLabel('"1 "'), MALFORMED),
  label('Label 4', () => withLabel('"4"'), MALFORMED),
  label('no Label', () => LABEL.replace('"Label":"1",', ''), MALFORMED),
  label('an eighth field', () => withField('"Extra":"1"'), TOLERATED),
  label('ten thousand fields', () => withField(Array.from({ length: 1_500 }, (_, index) => `"${index}":1`).join(',')), TOLERATED),
  label('names in other letters', () => LABEL.toLowerCase(), MALFORMED),
  label('names with spaces that cannot be seen', () => LABEL.replace('"Label"', '"Label\u200b"'), MALFORMED),
  label('encoded five times', () => Array.from({ length: 5 }).reduce<string>((text) => JSON.stringify(text), LABEL), MALFORMED),
  label(
    'base64 of itself, five times',
    () => Array.from({ length: 5 }).reduce<string>((text) => Buffer.from(text).toString('base64'), LABEL),
    MALFORMED,
  ),
  label('more than 16 KiB', () => withValue(`"${'x'.repeat(17_000)}"`), MALFORMED),
  label('more than 1 MiB', () => withValue(`"${'x'.repeat(1 << 20)}"`), ['malformed', 'unsupported']),
  label('500,000 escapes', () => withValue(`"${'\\u0041'.repeat(150_000)}"`), MALFORMED),
  label('text that turns its direction', () => withValue('"\u202e1\u2066\u2069"'), TOLERATED),
];
