package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.reward.CompositeRewardModel;
import org.alignment4j.rlhf.reward.StepAggregation;
import org.alignment4j.rlhf.reward.StepwiseRewardModel;
import org.alignment4j.rlhf.reward.TrainedRewardModel;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.junit.jupiter.api.Test;

/** A policy with one tokenizer and process reward models with others. */
class StepwiseTokensTest extends ThreeTokenizers {

  /** Over the classifier of an outcome model, which its owner closes. */
  private static StepwiseRewardModel stepwise(TrainedRewardModel model) {
    return StepwiseRewardModel.of(
        TrainedStepRewardModel.of(model.classifier(), "\n"), "\n", StepAggregation.LAST);
  }

  private static PromptCompletion answer(Prompt prompt, String text) {
    return new PromptCompletion(prompt, text);
  }

  @Test
  void promptsOfThePolicysTokensAreRefusedBeforeAnythingIsSampled() {
    StepwiseRewardModel steps = stepwise(other);
    assertThat(steps.tokenizers()).containsExactly(other.classifier().tokenizer());
    for (RewardModel model : List.of(steps, CompositeRewardModel.of("a", steps, 1))) {
      assertThatThrownBy(() -> trainer(RewardFunction.of("steps", model)).begin(tokens()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "prompts[1] is tokens", "'steps'", "to the policy and", "as a text");
    }
    try (PolicyTraining training = trainer(RewardFunction.of("steps", steps)).begin(texts())) {
      assertThat(SmallPolicies.finite(training.step())).containsKey("rewards/steps/mean");
    }
  }

  @Test
  void thePolicysOwnTokenizerReadsItsTokens() {
    try (TrainedRewardModel own = rewards(policy);
        PolicyTraining training =
            trainer(RewardFunction.of("own", stepwise(own))).begin(tokens())) {
      assertThat(SmallPolicies.finite(training.step())).containsKey("rewards/own/mean");
    }
  }

  /** Answers without a step are not among those that the model of steps sees. */
  @Test
  void whatCannotBeReadIsNamedByItsPlace() {
    Prompt fine = Prompt.text("The answer is");
    Prompt unknown = Prompt.tokens(5, 60_000);
    assertThatThrownBy(
            () ->
                stepwise(withBeginning)
                    .score(List.of(answer(fine, "\n"), answer(fine, "a"), answer(unknown, "b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "answers[2]: tokens must be below the reward model's vocabulary of 512 but one was"
                + " 60000; encode the prompt with its tokenizer, or give a text");
    assertThatThrownBy(
            () ->
                stepwise(other)
                    .score(List.of(answer(fine, "\n"), answer(fine, "long ".repeat(50)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("answers[1]: prompt and answer must fit the reward model's context");
    TrainedStepRewardModel steps = TrainedStepRewardModel.of(withBeginning.classifier(), "\n");
    assertThatThrownBy(
            () ->
                steps.scoreSteps(
                    List.of(
                        new StepwiseSolution(fine, List.of("a")),
                        new StepwiseSolution(unknown, List.of("a"))),
                    CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("solutions[1]: tokens must be below");
  }

  /** What training refuses of a step, scoring does: the model would read two steps. */
  @Test
  void stepsThatContainTheSeparatorAreRefused() {
    TrainedStepRewardModel steps = TrainedStepRewardModel.of(other.classifier(), "\n");
    Prompt prompt = Prompt.text("The answer is");
    assertThatThrownBy(
            () ->
                steps.scoreSteps(
                    List.of(
                        new StepwiseSolution(prompt, List.of("a")),
                        new StepwiseSolution(prompt, List.of("a", "b\nc"))),
                    CancellationToken.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "solutions[1]: steps[1] must not contain the separator but does; divide the step or"
                + " take another separator");
  }

  @Test
  void answersAreCutWhereTheModelsStepsEnd() {
    TrainedStepRewardModel steps = TrainedStepRewardModel.of(other.classifier(), " ki\n");
    PromptCompletion answer = answer(Prompt.text("The answer is"), "a ki\nb\nc");
    List<Reward> rewards =
        StepwiseRewardModel.of(steps, StepAggregation.MINIMUM).score(List.of(answer));
    assertThat(rewards)
        .isEqualTo(
            StepwiseRewardModel.of(steps, " ki\n", StepAggregation.MINIMUM).score(List.of(answer)));
    assertThat(rewards.get(0).components()).containsEntry("steps", 2.0);
  }
}
