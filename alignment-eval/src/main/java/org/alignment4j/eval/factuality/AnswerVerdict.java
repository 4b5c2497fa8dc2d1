package org.alignment4j.eval.factuality;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.eval.solve.ScorerFailures;

/** Verdicts of judges on answers. */
final class AnswerVerdict {

  private static final double THRESHOLD = 0.5;

  private AnswerVerdict() {}

  /** Whether a judge finds the quality at least as probable as not; 1 or 0. */
  static Score of(
      AnswerJudge judge, AnswerJudge.Item item, UsageMeter meter, CancellationToken cancellation) {
    return ScorerFailures.guard(
        meter,
        () -> {
          List<Judgement<Double>> own = judge.judge(List.of(item), cancellation);
          own.forEach(judgement -> meter.add(JudgingScorer.JUDGE, judgement.usage()));
          if (own.size() != 1) {
            throw new ModelExecutionException(
                "a judge must give one judgement per answer, 1, but gave %s".formatted(own.size()));
          }
          return own.get(0) instanceof Judgement.Given<Double> given
              ? new Score.Scored(given.value() >= THRESHOLD ? 1 : 0)
              : new Score.Unscored(
                  "no verdict: " + OneLine.of(((Judgement.Unparsed<Double>) own.get(0)).problem()));
        });
  }
}
