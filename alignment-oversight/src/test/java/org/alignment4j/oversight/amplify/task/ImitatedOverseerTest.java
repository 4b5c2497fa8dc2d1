package org.alignment4j.oversight.amplify.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.junit.jupiter.api.Test;

class ImitatedOverseerTest {
  private static final PermutationPowering TASK =
      PermutationPowering.draw(16, 16, new SplittableRandom(1));

  @Test
  void imitationReachesTheTruthWithFewAnswersOfTheOverseer() {
    ImitatedOverseer<PermutationPowering.Power> imitation = new ImitatedOverseer<>(TASK, 1.0 / 50);
    IterationReport<PermutationPowering.Power> report =
        IteratedAmplification.of(TASK)
            .withOverseer(imitation)
            .withSettings(IterationSettings.DEFAULT.withSteps(12000))
            .run(TargetSource.AMPLIFIED, 3, CancellationToken.none());
    report
        .accuracy()
        .forEach(
            (difficulty, accuracy) ->
                assertThat(accuracy.value()).as("class %s", difficulty).isGreaterThan(0.8));
    assertThat(imitation.asked()).isLessThan(report.overseerAnswers() / 200);
    assertThat(imitation.loss()).isLessThan(0.1);
  }

  @Test
  void imitationDoesWhatItSawAndElseDoesNotKnow() {
    ImitatedOverseer<PermutationPowering.Power> imitation = new ImitatedOverseer<>(TASK, 1);
    PermutationPowering.Power question = new PermutationPowering.Power(3, 5);
    Assistant<PermutationPowering.Power> exact = sub -> OptionalInt.of(TASK.exact(sub));
    assertThat(imitation.combine(question, exact)).isEmpty();
    assertThat(imitation.combine(question, exact, new SplittableRandom(1)))
        .hasValue(TASK.exact(question));
    assertThat(imitation.combine(question, exact)).hasValue(TASK.exact(question));
    assertThat(imitation.combine(question, sub -> OptionalInt.of(0)))
        .as("a situation it has not seen")
        .isEmpty();
    assertThat(imitation.combine(new PermutationPowering.Power(3, 6), exact)).isEmpty();
    assertThat(imitation.asked()).isEqualTo(1);
    assertThatThrownBy(() -> new ImitatedOverseer<>(TASK, 0)).hasMessageContaining("was 0.0");
  }
}
