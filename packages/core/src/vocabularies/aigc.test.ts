import { describe, expect, it } from 'vitest';
import { makeLabel } from '../label/index.ts';
import type { Slot } from '../ports/index.ts';
import { aigcVocabulary } from './index.ts';

const label = makeLabel({ ContentProducer: '001191110000MA0000000H10001', ProduceID: 'id-1' });
const { value: conformant } = aigcVocabulary.encode(label);
const slot = (value: string, fields?: Slot['fields']): Slot => ({
  key: 'AIGC',
  site: 'here',
  isGuidePlace: true,
  value,
  ...(fields === undefined ? {} : { fields }),
});
const decode = (value: string, fields?: Slot['fields']) => aigcVocabulary.decode(slot(value, fields))!;
const codes = (value: string, fields?: Slot['fields']) =>
  decode(value, fields).deviations.map(({ code, field }) => (field === undefined ? code : `${code} ${field}`));

describe('the AIGC vocabulary', () => {
  it('writes the bare object, seven strings, fixed order, no spaces, printable ASCII', () => {
    expect(conformant).toBe(
      '{"Label":"1","ContentProducer":"001191110000MA0000000H10001","ProduceID":"id-1","ReservedCode1":"",' +
        '"ContentPropagator":"001191110000MA0000000H10001","PropagateID":"id-1","ReservedCode2":""}',
    );
  });

  it('reads what it writes as conformant', () => {
    expect(decode(conformant)).toMatchObject({ status: 'conformant', label, deviations: [] });
    expect(decode('ignored', JSON.parse(conformant))).toMatchObject({ status: 'conformant', label });
  });

  it('is not concerned with other keys', () => {
    expect(aigcVocabulary.decode({ ...slot(conformant), key: 'Comment' })).toBeUndefined();
  });

  it.each([
    ['wrapped (Annex E b)', `{"AIGC":${conformant}}`, ['wrapped']],
    ['wrapped with spaces', `{"AIGC": ${conformant}}`, ['wrapped']],
    ['prefixed with =', `AIGC=${conformant}`, ['prefixed']],
    ['prefixed with :', `AIGC:{"AIGC":${conformant}}`, ['prefixed', 'wrapped']],
    ['prefixed without a sign', `AIGC${conformant}`, ['prefixed']],
    ['encoded twice', `{"AIGC":${JSON.stringify(conformant)}}`, ['wrapped', 'double_encoded']],
    ['a string of itself', JSON.stringify(conformant), ['double_encoded']],
    ['in base64', btoa(`AIGC:${conformant}  `), ['base64', 'not_compact', 'prefixed']],
    ['in base64, wrapped', btoa(`{"AIGC":${conformant}}`), ['base64', 'wrapped']],
    ['with spaces', conformant.replaceAll(',', ', '), ['not_compact']],
    ['with a newline behind', `${conformant}\n`, ['not_compact']],
    ['a number as Label', conformant.replace('"1"', '1'), ['not_a_string Label']],
    ['a name for Label', conformant.replace('"1"', '"AIGC"'), ['label_not_in_enum Label']],
    ['null reserved', conformant.replace('"ReservedCode1":""', '"ReservedCode1":null'), ['not_a_string ReservedCode1']],
    ['misspelt', conformant.replace('ReservedCode2', 'ReserveCode2'), ['misspelt_field ReserveCode2']],
    ['a field more', conformant.replace('}', ',"Time":"now"}'), ['unknown_field Time']],
    ['a field less', conformant.replace(',"ReservedCode2":""', ''), ['missing_field ReservedCode2']],
    ['Chinese', conformant.replaceAll('id-1', '编号'), ['charset ProduceID', 'charset PropagateID']],
    [
      'another order',
      '{"ContentProducer":"a","Label":"1","ProduceID":"b","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}',
      ['field_order'],
    ],
  ])('reads one %s, and says so', (_, value, expected) => {
    expect(codes(value)).toEqual(expected);
    expect(decode(value)).toMatchObject({ status: 'deviating' });
    expect(decode(value).label?.Label).toBe('1');
  });

  it.each([
    ['text', 'not json at all', ['not_json']],
    ['a number', '12', ['not_an_object']],
    ['base64 of no text', btoa('\xff\xfe'.repeat(9)), ['not_json']],
    ['base64 of no label', btoa('just some words here'), ['base64', 'not_json']],
    ['a list', '[]', ['not_an_object']],
    ['nothing', '', ['not_json']],
    ['half', conformant.slice(0, 40), ['not_json']],
    ['junk behind', `${conformant}{}`, ['not_json']],
    ['a field twice', conformant.replace('{', '{"Label":"3",'), ['duplicate_field']],
    ['a field twice, once escaped', conformant.replace('{', '{"L\\u0061bel":"3",'), ['duplicate_field']],
    ['a Label of 4', conformant.replace('"1"', '"4"'), ['label_not_in_enum Label']],
    ['too much', `"${'x'.repeat(17_000)}"`, ['too_large']],
    ['a million brackets', '['.repeat(10_000), ['too_large']],
    ['lists that fit into one another', conformant.replace('"1"', `${'['.repeat(7_000)}${']'.repeat(7_000)}`), ['too_large']],
  ])('calls %s malformed', (_, value, expected) => {
    expect(codes(value)).toEqual(expected);
    expect(decode(value)).toMatchObject({ status: 'malformed', label: null });
  });

  it('is not led astray by __proto__', () => {
    const { status, deviations } = decode('{"__proto__":{"Label":"1"},"constructor":"x"}');
    expect(status).toBe('malformed');
    expect(deviations.map(({ field }) => field)).toEqual(expect.arrayContaining(['__proto__', 'constructor', 'Label']));
  });

  it('keeps a reserved object as its text', () => {
    expect(decode(conformant.replace('"ReservedCode1":""', '"ReservedCode1":{"a":1}')).label?.ReservedCode1).toBe('{"a":1}');
  });
});
