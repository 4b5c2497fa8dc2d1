package org.alignment4j.oversight.society;

import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.agent.CallSeed;

/** Replies whose seed follows from seed, role, round and attempt. */
final class Draws {
  private Draws() {}

  static Completion one(
      LanguageModel model,
      Prompt.Chat prompt,
      SamplingOptions options,
      View view,
      int attempt,
      OversightContext context) {
    long seed = CallSeed.of(context.seed(), view.role(), view.round(), attempt);
    return model
        .generate(List.of(prompt), options.toBuilder().seed(seed).build(), context.cancellation())
        .get(0);
  }
}
