import { describe, expect, it } from 'vitest';
import { toy } from '../../test/toy.ts';
import { bytesSource } from '../bytes/index.ts';
import { verify } from '../pipeline/index.ts';
import { chinaMeasures2025 } from '../regimes/index.ts';
import { aigcVocabulary } from '../vocabularies/index.ts';
import { wordings } from '../wording/index.ts';
import { sarifLog } from './sarif.ts';

interface Log {
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly rules: readonly { readonly id: string; readonly properties: { readonly clauses: readonly string[] } }[] };
    };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly kind: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
    }[];
  }[];
}

const parts = { formats: [toy], vocabularies: [aigcVocabulary], regimes: [chinaMeasures2025], noticeFinders: [] };
const reportOf = (content: string) => verify(bytesSource(new TextEncoder().encode(`TOY\n${content}`)), parts);
const logOf = async (file: string, content: string, language: 'en' | 'zh' = 'en'): Promise<Log> =>
  sarifLog([{ file, report: await reportOf(content) }], { wording: wordings[language], regimes: [chinaMeasures2025], version: '1.2.3' }) as Log;

describe('a SARIF log', () => {
  it('has a rule for every check, each with a clause', async () => {
    const { tool, results } = (await logOf('a', '')).runs[0]!;
    expect(tool.driver.rules.length).toBe(Object.keys(wordings.en.checks).length);
    for (const { id, properties } of tool.driver.rules) {
      expect(properties.clauses.length, id).toBeGreaterThan(0);
    }
    for (const { ruleId, ruleIndex } of results) {
      expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
  });

  it('names what failed, what a person must look at, and nothing that passed', async () => {
    const label =
      '{"Label":"1","ContentProducer":"某公司","ProduceID":"a","ReservedCode1":"","ContentPropagator":"a","PropagateID":"a","ReservedCode2":""}';
    const { results } = (await logOf('folder/a b.txt', `{"AIGC":${label}}\n`)).runs[0]!;
    expect(results.map(({ ruleId, kind, level }) => `${ruleId} ${kind} ${level}`)).toEqual([
      'label-wrapper fail error',
      'label-charset fail error',
      'explicit-notice review none',
    ]);
    expect(results[1]?.message.text).toContain('ContentProducer holds characters');
    expect(results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('folder/a%20b.txt');
  });

  it('speaks Chinese, and lets no name be taken for a scheme', async () => {
    const [result] = (await logOf('http://x/\ud800', '', 'zh')).runs[0]!.results;
    expect(result).toMatchObject({ ruleId: 'label-present', level: 'error' });
    expect(result?.message.text).toMatch(/\p{Script=Han}/u);
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toBe('http%3A//x/%EF%BF%BD');
  });

  it('tells of files that could not be looked at', async () => {
    const options = { wording: wordings.en, regimes: [chinaMeasures2025], version: '1.2.3' };
    expect(sarifLog([], { ...options, unread: [{ file: 'no/a.png', message: 'There is no such file.' }] })).toMatchObject({
      runs: [
        {
          results: [],
          invocations: [
            {
              executionSuccessful: false,
              toolExecutionNotifications: [
                {
                  level: 'error',
                  message: { text: 'There is no such file.' },
                  locations: [{ physicalLocation: { artifactLocation: { uri: 'no/a.png' } } }],
                },
              ],
            },
          ],
        },
      ],
    });
    expect(sarifLog([], options)).toMatchObject({ runs: [{ invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }] }] });
  });
});
