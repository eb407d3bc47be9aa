import type { CheckId } from '../checks/check.ts';
import type { LabelErrorCode } from '../errors.ts';
import type { LabelValue } from '../label/label.ts';
import type { AnomalyCode, Modality } from '../ports/format.ts';
import type { RemarkCode } from '../ports/mark.ts';
import type { SignalCode } from '../ports/signal.ts';
import type { DeviationCode } from '../ports/vocabulary.ts';
import type { Action, Integrity, Outcome } from '../report/verdict.ts';

/** A language that every sentence exists in. */
export type Language = 'en' | 'zh';

/** What an error or an anomaly carries besides its code. */
export type Facts = Readonly<Record<string, unknown>>;

/** Every sentence that people read, by the codes that machines read. Values out of files stand in them as they are: whoever prints them escapes them. */
export interface Wording {
  /** What happened and what to do; the file's name stands before it. `message` is the error's own English sentence, which may know more. */
  readonly errors: Readonly<Record<LabelErrorCode, (facts: Facts, message: string) => string>>;
  readonly actions: Readonly<Record<Action, ActionWords>>;
  readonly integrities: Readonly<Record<Integrity, IntegrityWords>>;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  /** `field` is empty where the deviation concerns the whole label. */
  readonly deviations: Readonly<Record<DeviationCode, (field: string) => string>>;
  readonly anomalies: Readonly<Record<AnomalyCode, string>>;
  readonly signals: Readonly<Record<SignalCode, string>>;
  readonly checks: Readonly<Record<CheckId, CheckWords>>;
  /** What became of the content besides its label; empty where nobody need know. */
  readonly remarks: Readonly<Record<RemarkCode, (facts: Facts) => string>>;
  readonly modalities: Readonly<Record<Modality, string>>;
  readonly labelValues: Readonly<Record<LabelValue, string>>;
}

/** Words of Measures Art. 6. */
export interface ActionWords {
  /** A few words: the headline. */
  readonly title: string;
  /** One sentence. */
  readonly meaning: string;
  /** What a platform has to do with such a file. */
  readonly next: string;
}

/** How far a label can be trusted. */
export interface IntegrityWords {
  readonly meaning: string;
  /** What a person can do about it; empty where there is nothing. */
  readonly next: string;
}

/** One question of the rules. */
export interface CheckWords {
  /** What is asked, as a claim that holds when it passes. */
  readonly title: string;
  /** What to do where it fails or is incomplete. */
  readonly remedy: string;
}

/** A fact as text; empty where there is none. */
export const fact = (facts: Facts, name: string): string => {
  const value = facts[name];
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
};

/** The path that an error concerns, in quotes and with a space behind, or nothing. */
export const pathFact = (facts: Facts): string => (fact(facts, 'path') === '' ? '' : `"${fact(facts, 'path')}" `);
