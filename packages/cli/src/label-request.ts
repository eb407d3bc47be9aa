import { LabelError, type LabelerOptions, looksLikeProviderCode, makeLabel, parseProviderCode } from 'aigc-label';
import { UsageError } from './failure.ts';
import { explicitOf, type Settings } from './settings.ts';
import type { Words } from './words/words.ts';

/**
 * What every file of a run is to say, checked once before any file is opened.
 *
 * @throws UsageError where nobody says who the producer is; LabelError `LABEL_INVALID` where a field cannot be written.
 */
export const requestOf = (settings: Settings, produceId: string | undefined, words: Words): LabelerOptions => {
  const { producer, label } = settings;
  if (producer === undefined) {
    throw new UsageError(words.usage.noProducer);
  }
  const request = {
    ContentProducer: producer,
    ...(label === undefined ? {} : { Label: label }),
    ...(produceId === undefined ? {} : { ProduceID: produceId }),
  };
  makeLabel({ ...request, ProduceID: produceId ?? 'unset' });
  assertProvider('ContentProducer', producer);
  const explicit = explicitOf(settings);
  return { ...request, ...(explicit === undefined ? {} : { explicit }) };
};

/** What looks like a provider code has to be one. @throws LabelError `LABEL_INVALID`. */
export const assertProvider = (field: 'ContentProducer' | 'ContentPropagator', value: string): void => {
  const { problems } = parseProviderCode(value);
  if (looksLikeProviderCode(value) && problems.length > 0) {
    const data = { field, reason: 'provider_code', value, problems };
    throw new LabelError('LABEL_INVALID', `${value} is not a provider code of TC260-PG-20252A.`, { data });
  }
};
