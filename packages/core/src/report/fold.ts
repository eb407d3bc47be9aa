import type { CheckId } from '../checks/check.ts';
import type { Clause, Regime } from '../regimes/regime.ts';
import type { Outcome } from './verdict.ts';

/** What became of one clause. */
export interface ClauseOutcome {
  readonly regime: string;
  readonly clause: string;
  readonly outcome: Outcome;
  readonly isAdvice: boolean;
  readonly checks: readonly { readonly check: CheckId; readonly outcome: Outcome }[];
}

/** The outcomes of all checks, folded clause by clause: the worst that applies decides, `fail` before `incomplete` before `pass`. */
export const foldRegime = (regime: Regime, outcomes: ReadonlyMap<CheckId, Outcome>): readonly ClauseOutcome[] =>
  regime.clauses.map((clause) => foldClause(regime.id, clause, outcomes));

const foldClause = (regime: string, clause: Clause, outcomes: ReadonlyMap<CheckId, Outcome>): ClauseOutcome => {
  const checks = clause.checks.map((check) => ({ check, outcome: outcomes.get(check) ?? 'inapplicable' }));
  const outcome = WORST_FIRST.find((candidate) => checks.some((check) => check.outcome === candidate)) ?? 'inapplicable';
  return { regime, clause: clause.id, outcome, isAdvice: clause.isAdvice === true, checks };
};

const WORST_FIRST: readonly Outcome[] = ['fail', 'incomplete', 'pass', 'inapplicable'];
