import type { CheckId } from '../checks/check.ts';

/** A law as data: its clauses, and which checks answer for each. */
export interface Regime {
  /** Stable: `cn-measures-2025`. */
  readonly id: string;
  readonly title: Bilingual;
  /** Where the text was read, and when (ISO date). */
  readonly source: string;
  readonly retrieved: string;
  readonly clauses: readonly Clause[];
}

/** One obligation. */
export interface Clause {
  /** Stable: `GB45438-2025/6.1c`. */
  readonly id: string;
  readonly title: Bilingual;
  /** All of them must pass. */
  readonly checks: readonly CheckId[];
  /** Set where the clause is a recommendation or our own care, so that its failure is no violation. */
  readonly isAdvice?: true;
}

/** The same sentence in both languages of this project. */
export interface Bilingual {
  readonly en: string;
  readonly zh: string;
}
