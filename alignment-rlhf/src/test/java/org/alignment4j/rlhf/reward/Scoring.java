package org.alignment4j.rlhf.reward;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;

/** A reward model that a test writes as a function of the answer's text. */
record Scoring(String id, ToDoubleFunction<String> score) implements RewardModel {

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    return answers.stream().map(a -> Reward.of(score.applyAsDouble(a.completion()))).toList();
  }

  /** Answers that are numbers are their own reward. */
  static Scoring numbers(String id) {
    return new Scoring(id, Double::parseDouble);
  }

  static PromptCompletion answer(String prompt, String completion) {
    return new PromptCompletion(Prompt.text(prompt), completion);
  }

  static List<PromptCompletion> answers(String... completions) {
    return Arrays.stream(completions).map(c -> answer("x", c)).toList();
  }
}
