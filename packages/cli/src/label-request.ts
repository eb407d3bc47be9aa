import {
  checkSoundNotice,
  LabelError,
  type LabelerOptions,
  looksLikeProviderCode,
  makeLabel,
  openFileSource,
  parseProviderCode,
  readBounded,
} from 'aigc-label';
import { UsageError } from './failure.ts';
import { explicitOf, type Settings } from './settings.ts';
import type { Words } from './words/words.ts';

/**
 * What every file of a run is to say, checked once before any file is opened.
 *
 * @throws UsageError where nobody says who the producer is; LabelError `LABEL_INVALID` where a field cannot be written.
 */
export const requestOf = async (settings: Settings, produceId: string | undefined, words: Words): Promise<LabelerOptions> => {
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
  const explicit = explicitOf(settings, settings.soundClip === undefined ? undefined : await readClip(settings.soundClip));
  if (explicit?.audio?.clip !== undefined) {
    await checkSoundNotice(explicit.audio).catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      throw new LabelError('CONFIG_INVALID', `soundClip is not valid: ${problem}`, { data: { place: 'soundClip', key: '', problem }, cause: error });
    });
  }
  return { ...request, ...(explicit === undefined ? {} : { explicit }) };
};

/** A clip is a few seconds of sound. */
const MAXIMUM_CLIP_BYTES = 32 << 20;

const readClip = async (path: string): Promise<Uint8Array> => {
  const source = await openFileSource(path);
  try {
    return (await readBounded(source, 0, source.size, MAXIMUM_CLIP_BYTES, 'clip')).slice();
  } finally {
    source.close();
  }
};

/** What looks like a provider code has to be one. @throws LabelError `LABEL_INVALID`. */
export const assertProvider = (field: 'ContentProducer' | 'ContentPropagator', value: string): void => {
  const { problems } = parseProviderCode(value);
  if (looksLikeProviderCode(value) && problems.length > 0) {
    const data = { field, reason: 'provider_code', value, problems };
    throw new LabelError('LABEL_INVALID', `${value} is not a provider code of TC260-PG-20252A.`, { data });
  }
};
