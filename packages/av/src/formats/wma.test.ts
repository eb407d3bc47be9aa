import { asfStructure, fixtureBytes, testFormat } from '@aigc-label/test-fixtures';
import { asfFile, CONTENT, contentValue, foreignObjects, list, stream } from '../../test/asf-files.ts';
import { wma } from './wma.ts';

testFormat({
  format: wma,
  hasEnd: true,
  structure: asfStructure,
  fixtures: [
    { name: 'made by ffmpeg', bytes: fixtureBytes('asf/sound.wma'), untouched: foreignObjects },
    {
      name: 'a label among the facts',
      bytes: asfFile([list(CONTENT, contentValue('AIGC', '{"Label":"1"}'), contentValue('Title', 'T')), stream('audio')]),
      untouched: foreignObjects,
      slots: 1,
    },
  ],
});
