package org.alignment4j.oversight.society;

import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.View;
import org.alignment4j.core.judge.ReplyParser;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.agent.FormedModel;

/** Replies whose seed follows from seed, role, round and attempt. */
final class Draws {
  private Draws() {}

  static Completion one(
      LanguageModel model,
      Prompt.Chat prompt,
      ReplyParser<?> form,
      SamplingOptions options,
      View view,
      int attempt,
      OversightContext context) {
    long seed = CallSeed.of(context.seed(), view.role(), view.round(), attempt);
    return FormedModel.ask(
            model,
            List.of(prompt),
            List.of(form),
            options.toBuilder().seed(seed).build(),
            context.cancellation())
        .get(0);
  }
}
