package org.alignment4j.eval.redteam.genetic;

import java.time.Duration;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;

/** A model that rewrites every text in the same way. */
final class Rewriter implements LanguageModel {

  @Override
  public String id() {
    return "rewriter";
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return List.of(
        Completion.of(
            " A fine day.\n", FinishReason.EOS, Usage.ofGeneration(7, 3, Duration.ofMillis(1))));
  }
}
