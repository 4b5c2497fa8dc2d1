package org.alignment4j.eval;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;

/** A model with the random numbers of one epoch. As safe for concurrent calls as the model. */
record EpochModel(LanguageModel model, int epoch) implements LanguageModel {

  @Override
  public String id() {
    return model.id();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    return model.generate(prompts, seeded(options), cancellation);
  }

  /** The first epoch is the evaluation without epochs. */
  private SamplingOptions seeded(SamplingOptions options) {
    return epoch == 0
        ? options
        : options.toBuilder().seed(mixed(options.seed().orElse(0), epoch)).build();
  }

  /** SplitMix64's output function (Steele et al. 2014), so that near seeds share no numbers. */
  private static long mixed(long seed, int epoch) {
    long z = seed + epoch * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
