package org.alignment4j.readme;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.rlhf.FineTuningResult;
import org.alignment4j.rlhf.PolicyMethod;
import org.alignment4j.rlhf.PolicyTrainer;
import org.alignment4j.rlhf.PolicyTraining;
import org.alignment4j.rlhf.RewardFunction;
import org.alignment4j.rlhf.RewardedGroup;
import org.alignment4j.rlhf.RewardedText;
import org.alignment4j.rlhf.RolloutOptions;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.Metrics;

/** The README's code of reinforcement learning. Between the markers it is the README's text. */
final class ReinforcementSnippet {
  private ReinforcementSnippet() {}

  /** What the steps of both loops reported. */
  record Seen(List<Metrics> trained, List<Metrics> own) {}

  static Seen run(DecoderModel base, List<Prompt> prompts) {
    List<Metrics> own = new ArrayList<>();
    // start of the README's code
    PolicyTrainer grpo =
        PolicyTrainer.of(base, PolicyMethod.grpo()) // eight completions a prompt, compared
            .reward(RewardFunction.each("brief", answer -> -answer.text().length()))
            .rollouts(RolloutOptions.of(40))
            .adapter(Lora.rank(8))
            .learningRate(1e-3)
            .epochs(5)
            .onProgress(ConsoleProgress.on(System.out));
    FineTuningResult result = grpo.train(prompts); // the model, and the metrics of every step

    // Or a loop of your own, with answers and rewards from wherever you have them.
    try (PolicyTraining training = grpo.beginGiven(3)) {
      while (training.hasNext()) {
        List<RewardedGroup> groups = new ArrayList<>();
        try (DecoderModel policy = training.model()) { // as it is now
          prompts.forEach(p -> groups.add(RewardedGroup.of(base, p, answers(policy, p))));
        }
        own.add(training.step(groups)); // reward, loss, entropy and more
      }
    }
    // end of the README's code
    result.model().close();
    return new Seen(result.metrics(), own);
  }

  private static RewardedText[] answers(DecoderModel policy, Prompt prompt) {
    SamplingOptions sampling = SamplingOptions.sampling(40, 3);
    return policy
        .sample(GenerationRequest.samples(prompt, 4), sampling, CancellationToken.none())
        .stream()
        .map(outcome -> outcome.completion())
        .map(
            c ->
                new RewardedText(
                    c.text(), c.truncated(), Map.of("brief", -(double) c.text().length())))
        .toArray(RewardedText[]::new);
  }
}
