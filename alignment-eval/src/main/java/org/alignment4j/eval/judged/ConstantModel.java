package org.alignment4j.eval.judged;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * The null model: the same answer to everything, at no cost. What it scores is what a judge gives
 * for nothing (Zheng et al. 2024, arXiv 2410.07137). Immutable and thread-safe.
 *
 * @param id its identity
 * @param text its answer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ConstantModel(String id, String text) implements LanguageModel {
  /** Checks that nothing is missing. */
  public ConstantModel {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(text, "text");
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    List<Completion> completions = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      completions.add(Completion.of(text, FinishReason.EOS, Usage.NONE));
    }
    return completions;
  }
}
