package org.alignment4j.rlhf.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.StepLabels;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.StepRewardTrainer;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.rlhf.reward.AnswerReward;
import org.alignment4j.rlhf.reward.RewardRules;
import org.alignment4j.rlhf.reward.TrainedStepRewardModel;
import org.alignment4j.rlhf.synthetic.MathShepherd.Estimation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MathShepherdTest {

  static final SamplingOptions SAMPLING = SamplingOptions.sampling(8, 3);
  static final AnswerReward ENDS_WELL = RewardRules.when(text -> text.endsWith("right"));

  static StepwiseSolution solution(String prompt, String... steps) {
    return new StepwiseSolution(Prompt.text(prompt), List.of(steps));
  }

  static CancellationToken token() {
    return CancellationToken.none();
  }

  private static List<OptionalDouble> values(double... labels) {
    List<OptionalDouble> values = new ArrayList<>();
    for (double label : labels) {
      values.add(Double.isNaN(label) ? OptionalDouble.empty() : OptionalDouble.of(label));
    }
    return values;
  }

  @Test
  void stepsAreAsGoodAsWhatTheyLeadTo() {
    Map<String, String> outcomes = Map.of("Q: a\n", "01|", "Q: a\nb\n", "000", "Q: d\n", "111");
    Ruled completer =
        new Ruled(
            (p, k) ->
                switch (outcomes.get(((Prompt.Text) p).text()).charAt(k)) {
                  case '0' -> "wrong";
                  case '1' -> "right";
                  default -> "right|";
                });
    MathShepherd shepherd = MathShepherd.of(completer, SAMPLING, ENDS_WELL).rollouts(3);
    List<StepwiseSolution> solutions =
        List.of(solution("Q: ", "a", "b", "c right"), solution("Q: ", "d", "e"));
    MathShepherd.Labelled hard = shepherd.label(solutions, token());
    MathShepherd.Labelled soft = shepherd.estimation(Estimation.SOFT).label(solutions, token());
    assertThat(hard.labels())
        .extracting(StepLabels::correctness)
        .containsExactly(values(1, 0, 1), values(1, 0));
    assertThat(soft.labels())
        .extracting(StepLabels::correctness)
        .containsExactly(values(1 / 3.0, 0, 1), values(1, 0));
    assertThat(hard.labels()).extracting(StepLabels::solution).isEqualTo(solutions);
    assertThat(hard.rollouts()).isEqualTo(9);
    assertThat(hard.truncated()).isEqualTo(1);
    assertThat(completer.asked()).as("the last step is followed by nothing").hasSize(2 * 9);
  }

  /**
   * A walk on numbers that goes up with probability 0.3 at each of the steps that are left. The
   * chance to end at 2 or higher is a binomial tail.
   */
  @Test
  void softLabelsAreChancesOfSuccess() {
    int steps = 6;
    Ruled walker =
        new Ruled(
            (p, k) -> {
              String begun = ((Prompt.Text) p).text();
              int done = begun.length() - begun.replace("\n", "").length();
              SplittableRandom random = new SplittableRandom(31L * begun.hashCode() + k);
              StringBuilder rest = new StringBuilder();
              for (int t = done; t < steps; t++) {
                random = random.split();
                rest.append(random.nextDouble() < 0.3 ? "up" : "stay").append('\n');
              }
              return rest.toString();
            });
    AnswerReward twice = RewardRules.when(text -> text.split("up", -1).length > 2);
    int n = 4000;
    StepwiseSolution walk = solution("walk: ", "stay", "up", "stay", "up", "stay", "stay");
    StepLabels labels =
        new MathShepherd(walker, SAMPLING, twice, n, Estimation.SOFT, "\n")
            .label(List.of(walk), token())
            .labels()
            .get(0);
    int ups = 0;
    for (int k = 0; k < steps; k++) {
      ups += walk.steps().get(k).equals("up") ? 1 : 0;
      double chance = tail(steps - 1 - k, 2 - ups);
      double deviation = Math.sqrt(chance * (1 - chance) / n);
      assertThat(labels.correctness().get(k).orElseThrow())
          .isCloseTo(chance, within(4 * deviation + 1e-15));
    }
  }

  /** The chance of at least so many of so many draws of chance 0.3. */
  private static double tail(int draws, int least) {
    if (least <= 0) {
      return 1;
    }
    return draws == 0 ? 0 : 0.3 * tail(draws - 1, least - 1) + 0.7 * tail(draws - 1, least);
  }

  @Test
  void hardLabelsAreThoseOfPositiveSharesAndNoSolutionSeesAnother() {
    SplittableRandom random = new SplittableRandom(5);
    Ruled completer =
        new Ruled(
            (p, k) ->
                new SplittableRandom(p.hashCode() + 7919L * k).split().nextInt(4) == 0
                    ? "right"
                    : "wrong");
    List<StepwiseSolution> solutions = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String[] steps = new String[1 + random.nextInt(4)];
      for (int k = 0; k < steps.length; k++) {
        steps[k] = (char) ('a' + random.nextInt(3)) + (random.nextBoolean() ? " right" : "");
      }
      solutions.add(solution("Q" + random.nextInt(3) + ": ", steps));
    }
    MathShepherd shepherd = MathShepherd.of(completer, SAMPLING, ENDS_WELL).rollouts(5);
    List<StepLabels> hard = shepherd.label(solutions, token()).labels();
    List<StepLabels> soft = shepherd.estimation(Estimation.SOFT).label(solutions, token()).labels();
    int between = 0;
    for (int i = 0; i < solutions.size(); i++) {
      StepwiseSolution one = solutions.get(i);
      assertThat(shepherd.label(List.of(one), token()).labels()).containsExactly(hard.get(i));
      for (int k = 0; k < one.steps().size(); k++) {
        double share = soft.get(i).correctness().get(k).orElseThrow();
        assertThat(hard.get(i).correctness().get(k).orElseThrow()).isEqualTo(Math.ceil(share));
        assertThat(share * 5).isCloseTo(Math.rint(share * 5), within(1e-12));
        between += share > 0 && share < 1 ? 1 : 0;
      }
      int last = one.steps().size() - 1;
      assertThat(soft.get(i).correctness().get(last).orElseThrow())
          .isEqualTo(one.steps().get(last).endsWith("right") ? 1 : 0);
    }
    assertThat(between).isPositive();
  }

  @Test
  void outcomesThatCannotBeCheckedDoNotCount() {
    Ruled completer = new Ruled((p, k) -> List.of("right", "?", "?", "wrong").get(k));
    AnswerReward unsure =
        (answers, cancellation) ->
            answers.stream()
                .map(
                    a ->
                        a.completion().endsWith("?")
                            ? OptionalDouble.empty()
                            : OptionalDouble.of(a.completion().endsWith("right") ? 1 : 0))
                .toList();
    MathShepherd shepherd =
        new MathShepherd(completer, SAMPLING, unsure, 4, Estimation.SOFT, " / ");
    assertThat(
            shepherd
                .label(List.of(solution("Q", "a", "b?")), token())
                .labels()
                .get(0)
                .correctness())
        .isEqualTo(values(0.5, Double.NaN));
    AnswerReward never = (answers, c) -> answers.stream().map(a -> OptionalDouble.empty()).toList();
    assertThat(
            new MathShepherd(new Ruled((p, k) -> "|"), SAMPLING, never, 1, Estimation.HARD, "\n")
                .label(List.of(solution("Q", "a", "b")), token())
                .labels()
                .get(0)
                .correctness())
        .isEqualTo(values(Double.NaN, Double.NaN));
  }

  @Test
  void beginningsFollowTextsAndAreTheAssistantsInConversations() {
    Ruled completer = new Ruled((p, k) -> "x");
    MathShepherd shepherd = MathShepherd.of(completer, SAMPLING, ENDS_WELL).rollouts(1);
    Prompt.Chat asked = Prompt.chat(Message.user("Why?"));
    List<String> steps = List.of("a", "b", "c");
    shepherd.label(
        List.of(
            solution("Q: ", "a", "b", "c"),
            new StepwiseSolution(asked, steps),
            new StepwiseSolution(asked.with(Message.assistant("So ")), steps)),
        token());
    assertThat(completer.asked())
        .containsExactly(
            Prompt.text("Q: a\n"),
            Prompt.text("Q: a\nb\n"),
            asked.with(Message.assistant("a\n")),
            asked.with(Message.assistant("a\nb\n")),
            asked.with(Message.assistant("So a\n")),
            asked.with(Message.assistant("So a\nb\n")));
  }

  @Test
  void aRealModelLabelsAlikeUnderASeedAndTheLabelsAreLearnt(@TempDir Path folder) {
    List<StepwiseSolution> solutions =
        List.of(
            solution("One day Tim", " saw a dog.", " It was big.", " He ran home."),
            solution("One day Lily", " had a ball.", " She was glad."));
    AnswerReward even = RewardRules.when(text -> text.length() % 2 == 0);
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      MathShepherd shepherd =
          new MathShepherd(
              pocket,
              SamplingOptions.builder(24).stopStrings(".").seed(5).build(),
              even,
              6,
              Estimation.SOFT,
              "\n");
      List<StepLabels> labels = shepherd.label(solutions, token()).labels();
      assertThat(shepherd.label(solutions, token()).labels()).isEqualTo(labels);
      assertThat(shepherd.label(solutions.subList(1, 2), token()).labels())
          .containsExactly(labels.get(1));
      assertThat(labels.stream().flatMap(l -> l.correctness().stream()))
          .anyMatch(l -> l.orElseThrow() > 0 && l.orElseThrow() < 1);
      try (TrainedStepRewardModel model =
          StepRewardTrainer.of(pocket).epochs(1).batchSize(2).train(labels).model()) {
        assertThat(model.scoreSteps(solutions, token()).get(0)).hasSize(3);
      }
    }
  }

  @Test
  void cancellationStopsBetweenSolutions() {
    AtomicInteger calls = new AtomicInteger();
    Ruled completer =
        new Ruled(
            (p, k) -> {
              calls.incrementAndGet();
              return "right";
            });
    AnswerReward heedless = (answers, cancellation) -> ENDS_WELL.score(answers, token());
    MathShepherd shepherd = MathShepherd.of(completer, SAMPLING, heedless);
    List<StepwiseSolution> two = List.of(solution("Q", "a", "b"), solution("Q", "c", "d"));
    assertThatThrownBy(() -> shepherd.label(two, () -> calls.get() > 0))
        .isInstanceOf(CancelledException.class)
        .hasMessageContaining("was cancelled");
    assertThat(calls.get()).as("rollouts of the first solution").isEqualTo(8);
    assertThat(shepherd.label(List.of(), token()))
        .isEqualTo(new MathShepherd.Labelled(List.of(), 0, 0));
  }
}
