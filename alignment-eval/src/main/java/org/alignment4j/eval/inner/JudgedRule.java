package org.alignment4j.eval.inner;

import java.util.Set;
import java.util.function.Predicate;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.solve.ScorerFailures;

/** A rule that a judge model decides, of whose cost is told. */
record JudgedRule<T>(Set<String> judges, Ask<T> ask, Predicate<T> shows) implements BehaviourRule {

  /** Asks the judge. */
  @FunctionalInterface
  interface Ask<T> {
    Judgement<T> judge(String request, String answer, CancellationToken cancellation);
  }

  @Override
  public Score score(String request, String answer, CancellationToken cancellation) {
    return score(request, answer, UsageMeter.none(), cancellation);
  }

  @Override
  public Score score(
      String request, String answer, UsageMeter meter, CancellationToken cancellation) {
    return ScorerFailures.guard(
        meter,
        () -> {
          Judgement<T> judgement = ask.judge(request, answer, cancellation);
          meter.add(JudgingScorer.JUDGE, judgement.usage());
          return judgement.toScore(found -> shows.test(found) ? 1 : 0);
        });
  }
}
