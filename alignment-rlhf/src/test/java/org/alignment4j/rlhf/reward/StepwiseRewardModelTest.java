package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.StepRewardModel;
import org.alignment4j.api.reward.StepwiseSolution;
import org.junit.jupiter.api.Test;

/** Rewards of answers from those of their steps. */
class StepwiseRewardModelTest {

  private static final Prompt ASKED = Prompt.text("How?");

  /** Steps are their own probabilities. */
  private static final class Numbers implements StepRewardModel, AutoCloseable {
    private final List<StepwiseSolution> asked = new ArrayList<>();
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public String id() {
      return "numbers";
    }

    @Override
    public List<double[]> scoreSteps(
        List<StepwiseSolution> solutions, CancellationToken cancellation) {
      asked.addAll(solutions);
      return solutions.stream()
          .map(s -> s.steps().stream().mapToDouble(Double::parseDouble).toArray())
          .toList();
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static PromptCompletion answer(String text) {
    return new PromptCompletion(ASKED, text);
  }

  @Test
  void stepsAreMadeOneNumber() {
    List<PromptCompletion> answers = List.of(answer("0.5\n0.25\n0.8"), answer("0.9"));
    double[][] expected = {{0.5 * 0.25 * 0.8, 0.9}, {0.25, 0.9}, {1.55 / 3, 0.9}, {0.8, 0.9}};
    for (StepAggregation aggregation : StepAggregation.values()) {
      List<Reward> rewards =
          StepwiseRewardModel.of(new Numbers(), "\n", aggregation).score(answers);
      for (int i = 0; i < answers.size(); i++) {
        assertThat(rewards.get(i).value())
            .as("%s of %s", aggregation, answers.get(i))
            .isCloseTo(expected[aggregation.ordinal()][i], within(1e-15));
      }
      assertThat(rewards.get(0).components()).containsEntry("steps", 3.0);
    }
  }

  @Test
  void answersAreCutAtTheSeparatorItself() {
    Numbers numbers = new Numbers();
    StepwiseRewardModel model = StepwiseRewardModel.of(numbers, ".*", StepAggregation.LAST);
    assertThat(model.score(List.of(answer(".*1.*.*0.5.*")))).containsExactly(rewardOf(0.5, 2));
    assertThat(numbers.asked).containsExactly(new StepwiseSolution(ASKED, List.of("1", "0.5")));
    assertThat(model.id()).isEqualTo("stepwise(numbers, LAST)");
    assertThat(model.steps()).isSameAs(numbers);
    model.close();
    assertThat(numbers.closed).hasValue(1);
  }

  private static Reward rewardOf(double value, double steps) {
    return new Reward(value, java.util.Map.of("steps", steps), java.util.OptionalDouble.empty());
  }

  @Test
  void anAnswerWithoutAStepIsGivenZeroUnseen() {
    for (StepAggregation aggregation : StepAggregation.values()) {
      Numbers numbers = new Numbers();
      StepwiseRewardModel model = StepwiseRewardModel.of(numbers, "\n", aggregation);
      assertThat(model.score(List.of(answer(""), answer("0.5"), answer("\n\n"))))
          .containsExactly(rewardOf(0, 0), rewardOf(0.5, 1), rewardOf(0, 0));
      assertThat(numbers.asked).containsExactly(new StepwiseSolution(ASKED, List.of("0.5")));
      assertThat(model.score(List.of(answer("")))).containsExactly(rewardOf(0, 0));
      assertThat(numbers.asked).hasSize(1);
    }
  }

  @Test
  void badInputIsRefused() {
    StepwiseRewardModel model =
        StepwiseRewardModel.of(new Numbers(), "\n", StepAggregation.PRODUCT);
    assertThat(model.score(List.of())).isEmpty();
    assertThatThrownBy(() -> StepwiseRewardModel.of(new Numbers(), "", StepAggregation.LAST))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("separator must not be empty");
  }

  /** Only a text of nothing is no step; what is made of blanks is scored. */
  @Test
  void blankStepsAreSteps() {
    List<StepwiseSolution> asked = new ArrayList<>();
    StepRewardModel counting =
        new StepRewardModel() {
          @Override
          public String id() {
            return "counting";
          }

          @Override
          public List<double[]> scoreSteps(
              List<StepwiseSolution> solutions, CancellationToken cancellation) {
            asked.addAll(solutions);
            return solutions.stream()
                .map(s -> s.steps().stream().mapToDouble(t -> t.isBlank() ? 0.25 : 0.5).toArray())
                .toList();
          }
        };
    StepwiseRewardModel model = StepwiseRewardModel.of(counting, "\n", StepAggregation.PRODUCT);
    assertThat(model.score(List.of(answer("a\n \n\nb"), answer(" "))))
        .containsExactly(rewardOf(0.5 * 0.25 * 0.5, 3), rewardOf(0.25, 1));
    assertThat(asked)
        .containsExactly(
            new StepwiseSolution(ASKED, List.of("a", " ", "b")),
            new StepwiseSolution(ASKED, List.of(" ")));
    assertThat(model.tokenizers()).as("of a model that tells none").isEmpty();
  }
}
