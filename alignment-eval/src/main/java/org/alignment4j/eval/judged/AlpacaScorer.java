package org.alignment4j.eval.judged;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.eval.solve.ScorerFailures;

/** Compares an output with the baseline's, which one is shown first drawn at random by item. */
record AlpacaScorer(AlpacaJudge judge, AlpacaOptions options) implements JudgingScorer {
  /** Metadata field with the baseline's output. */
  static final String BASELINE = "baseline";

  @Override
  public Map<String, Score> score(
      Sample sample, Answer answer, UsageMeter meter, CancellationToken cancellation) {
    String output = answer.completions().get(0).text();
    String baseline = sample.metadata().getOrDefault(BASELINE, "");
    boolean swapped = swapped(sample.id());
    Prompt.Chat prompt =
        options
            .template()
            .render(
                Map.of(
                    "form",
                    SoftJudgeModel.form(AlpacaJudge.LABELS),
                    "instruction",
                    PairPrompt.text(sample.prompt()),
                    "first",
                    swapped ? output : baseline,
                    "second",
                    swapped ? baseline : output));
    Score second =
        ScorerFailures.guard(
            meter,
            () -> {
              OptionalDouble better = judge.secondIsBetter(prompt, meter, cancellation);
              return better.isPresent()
                  ? new Score.Scored(better.getAsDouble())
                  : new Score.Unscored("the judge names neither model");
            });
    boolean same = output.equals(baseline);
    if (!(second instanceof Score.Scored scored)) {
      return AlpacaFigures.without(second, output, same);
    }
    return AlpacaFigures.scores(swapped ? 1 - scored.value() : scored.value(), output, same);
  }

  @Override
  public Set<String> judges() {
    return Set.of(judge.model().id());
  }

  private boolean swapped(String id) {
    return ContentHash.of(options.seed() + "\n" + id).hex().charAt(0) >= '8';
  }
}
