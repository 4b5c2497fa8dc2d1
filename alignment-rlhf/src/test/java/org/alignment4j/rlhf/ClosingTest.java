package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.train.LearningRateSchedule;
import org.junit.jupiter.api.Test;

/** What cannot be closed keeps nothing else open. A part that is null fails to be closed. */
class ClosingTest {

  private static final LearningRateSchedule RATES = LearningRateSchedule.constant(1e-3);

  private static PolicyActor actor(DecoderModel model) {
    return new PolicyActor(model, null, null, RATES, null, null);
  }

  private static SequenceClassifier classifier(DecoderModel model) {
    int width = model.architecture().config().embeddingSize();
    return SequenceClassifier.of(
        model, InitialWeights.matrix(SequenceScores.WEIGHT, 1, width, 0.1, 3));
  }

  private static PolicyCritic critic(SequenceClassifier classifier) {
    return new PolicyCritic(classifier, null, 1, RATES, "");
  }

  @Test
  void allAreClosedAndTheFirstFailureKeepsTheOthers() {
    List<String> closed = new ArrayList<>();
    IllegalStateException first = new IllegalStateException("first");
    AssertionError second = new AssertionError("second");
    assertThatThrownBy(
            () ->
                Closing.all(
                    () -> closed.add("a"),
                    () -> {
                      throw first;
                    },
                    () -> closed.add("b"),
                    () -> {
                      throw second;
                    },
                    () -> {
                      throw first;
                    },
                    () -> closed.add("c")))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(closed).containsExactly("a", "b", "c");
    assertThatThrownBy(
            () ->
                Closing.all(
                    () -> {
                      throw second;
                    }))
        .isSameAs(second);
    assertThatThrownBy(
            () ->
                Closing.all(
                    () -> {
                      throw new java.io.IOException("no disk");
                    }))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("no disk");
    assertThatCode(Closing::all).doesNotThrowAnyException();
  }

  @Test
  void anActorWhoseNetworkFailsFreesItsModel() {
    DecoderModel model = SmallPolicies.model();
    Throwable failure = catchThrowable(() -> actor(model).close());
    assertThat(failure).isInstanceOf(NullPointerException.class);
    assertThat(failure.getSuppressed()).as("of the reference").hasSize(1);
    OpenedTest.assertFreed(model.engine());
  }

  @Test
  void aCriticWhoseNetworkFailsFreesItsClassifier() {
    DecoderModel model = SmallPolicies.model();
    SequenceClassifier classifier = classifier(model);
    model.close();
    assertThatThrownBy(() -> critic(classifier).close()).isInstanceOf(NullPointerException.class);
    OpenedTest.assertFreed(classifier.engine());
  }

  @Test
  void aTrainingWhoseCriticsFailFreesItsPolicy() {
    DecoderModel model = SmallPolicies.model();
    SequenceClassifier ofRewards = classifier(model);
    SequenceClassifier ofCosts = classifier(model);
    PolicySettings settings =
        new PolicySettings(
            PolicyMethod.ppo(),
            PolicyRewards.none(),
            RolloutOptions.of(SmallPolicies.LENGTH),
            Critic.standard(),
            null);
    PolicyTraining training =
        new PolicyTraining(
            settings,
            new PolicySchedule(1, 0),
            null,
            actor(model),
            List.of(critic(ofRewards), critic(ofCosts)),
            CancellationToken.none());
    Throwable failure = catchThrowable(training::close);
    assertThat(failure.getSuppressed()).as("of the other critic and the policy").hasSize(2);
    OpenedTest.assertFreed(model.engine());
    OpenedTest.assertFreed(ofRewards.engine());
    OpenedTest.assertFreed(ofCosts.engine());
    assertThatCode(training::close).as("again").doesNotThrowAnyException();
  }
}
