package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a training says that is used after it was closed. */
class ClosedPolicyTrainingTest extends WantedTokens {

  static List<PolicyMethod> methods() {
    return List.of(PolicyMethod.grpo(), PolicyMethod.ppo().withGroupSize(2));
  }

  private PolicyTrainer trainer(PolicyMethod method) {
    return PolicyTrainer.of(base, method).reward(REWARD).rollouts(RolloutOptions.of(LENGTH));
  }

  private static List<RewardedGroup> groups() {
    return List.of(
        new RewardedGroup(
            TokenIds.of(5, 6),
            List.of(
                RewardedAnswer.of(TokenIds.of(2, 3), 1), RewardedAnswer.of(TokenIds.of(4), 0))));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodIsRefused(PolicyMethod method) {
    for (boolean stepped : List.of(false, true)) {
      PolicyTraining training = trainer(method).beginGiven(5);
      if (stepped) {
        training.step(groups());
      }
      training.close();
      Map<String, ThrowingCallable> calls =
          Map.of(
              "step(groups)", () -> training.step(groups()),
              "step", training::step,
              "model", training::model,
              "critic", training::critic,
              "costCritic", training::costCritic,
              "hasNext", training::hasNext,
              "done", training::done,
              "steps", training::steps);
      calls.forEach(
          (name, call) ->
              assertThatThrownBy(call)
                  .as(name)
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageStartingWith("the training is closed"));
    }
  }

  @Test
  void oneThatSamplesIsRefusedToo() {
    List<Prompt> prompts = prompts(2);
    PolicyTraining training = trainer(PolicyMethod.grpo()).begin(prompts);
    training.step();
    DecoderModel model = training.model();
    training.close();
    assertThatThrownBy(training::step)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the training is closed");
    assertThat(model.id()).isNotEqualTo(base.id());
    model.close();
  }

  /** ONNX Runtime warns of handles that are closed twice, by the logging of the JDK. */
  @ParameterizedTest
  @MethodSource("methods")
  void closingAgainDoesNothing(PolicyMethod method) {
    List<String> said = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            said.add(entry.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger root = Logger.getLogger("");
    root.addHandler(handler);
    try {
      PolicyTraining training = trainer(method).beginGiven(5);
      training.close();
      training.close();
    } finally {
      root.removeHandler(handler);
    }
    assertThat(said).isEmpty();
  }
}
