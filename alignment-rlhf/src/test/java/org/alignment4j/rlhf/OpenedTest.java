package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing that was opened stays open when what comes after it fails. */
class OpenedTest {

  /** A failure of each kind. */
  private enum Failing {
    EXCEPTION,
    ERROR;

    double fail() {
      if (this == ERROR) {
        throw new AssertionError("failed");
      }
      throw new IllegalStateException("failed");
    }
  }

  @ParameterizedTest
  @EnumSource(Failing.class)
  void closesAllTheLastFirst(Failing failing) {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    opened.with(() -> closed.add("first"));
    opened.with(
        () -> {
          closed.add("second");
          failing.fail();
        });
    opened.with(() -> closed.add("third"));
    IllegalStateException cause = new IllegalStateException("why");
    opened.close(cause);
    assertThat(closed).containsExactly("third", "second", "first");
    assertThat(cause.getSuppressed())
        .singleElement()
        .extracting(Throwable::getMessage)
        .isEqualTo("failed");
  }

  @Test
  void whatHasAnOwnerIsClosedByIt() {
    List<String> closed = new ArrayList<>();
    Opened opened = new Opened();
    opened.with(() -> closed.add("first"));
    opened.with(() -> closed.add("model"));
    opened.with(() -> closed.add("network"));
    opened.instead(2, () -> closed.add("owner"));
    opened.close(new IllegalStateException("why"));
    assertThat(closed).containsExactly("owner", "first");
  }

  /** The engine counts its users. */
  static void assertFreed(DecoderEngine engine) {
    assertThatThrownBy(engine::retain)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the model is closed");
  }

  @Test
  void aCriticThatCannotBeOpenedLeavesNoPolicyOpen() {
    DecoderModel base = SmallPolicies.model();
    int width = base.architecture().config().embeddingSize();
    SequenceClassifier closed =
        SequenceClassifier.of(base, InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 0.1, 3));
    closed.close();
    PolicyTrainer trainer =
        SmallPolicies.trainer(base, PolicyMethod.ppo(), SmallPolicies.first())
            .critic(Critic.standard().from(closed));
    assertThatThrownBy(() -> trainer.begin(SmallPolicies.prompts(3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    base.close();
    assertFreed(base.engine());
  }

  @ParameterizedTest
  @EnumSource(Failing.class)
  void aRewardThatFailsLeavesNoIterationOpen(Failing failing) {
    DecoderModel base = SmallPolicies.model();
    AtomicReference<DecoderModel> first = new AtomicReference<>();
    RaftTrainer trainer =
        RaftTrainer.of(base)
            .reward(
                RewardFunction.each(
                    "failing", r -> first.get() == null ? r.tokens().get(0) : failing.fail()))
            .rollouts(RolloutOptions.of(SmallPolicies.LENGTH))
            .samples(2)
            .truncated(TruncatedAnswers.KEEP)
            .iterations(3)
            .evaluate(
                Evaluation.ofModel(
                    "kept",
                    1,
                    model -> {
                      first.set(model);
                      return Map.of("value", 1.0);
                    }));
    assertThatThrownBy(() -> trainer.train(SmallPolicies.prompts(3))).isNotNull();
    assertThat(first.get()).isNotNull();
    base.close();
    assertFreed(base.engine());
  }
}
