package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.Scoring.answer;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.core.calls.UsageLedger;
import org.junit.jupiter.api.Test;

/** Preferences as rewards, against a labeler whose verdicts are known. */
class PreferenceRewardsTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private final List<Comparison> asked = new ArrayList<>();

  /** Bradley and Terry on numbers, with a lean of 0.1 to the answer shown first. */
  private final PreferenceLabeler labeler =
      (comparisons, cancellation) -> {
        asked.addAll(comparisons);
        return comparisons.stream()
            .map(
                c ->
                    c.first().equals("?") || c.second().equals("?")
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(Math.min(1, probability(c.first(), c.second()) + 0.1)))
            .toList();
      };

  private static double probability(String first, String second) {
    return 0.8 / (1 + Math.exp(Double.parseDouble(second) - Double.parseDouble(first)));
  }

  /** What both orders together give: the lean cancels. */
  private static double both(String first, String second) {
    return (probability(first, second) + 0.1 + 1 - probability(second, first) - 0.1) / 2;
  }

  @Test
  void anAnswerIsComparedWithTheBaselineInBothOrders() {
    UsageLedger ledger = new UsageLedger();
    BaselinePreference reward =
        BaselinePreference.of(
            labeler, p -> ((Prompt.Text) p).text().equals("x") ? "1" : null, ledger);
    List<OptionalDouble> rewards =
        reward.score(
            List.of(
                answer("x", "3"),
                answer("x", "1"),
                answer("y", "3"),
                answer("x", "?"),
                answer("x", "0")),
            NONE);
    assertThat(rewards.get(0).getAsDouble()).isCloseTo(both("3", "1"), within(1e-12));
    assertThat(rewards.get(1)).hasValue(0.5);
    assertThat(rewards.get(2)).isEmpty();
    assertThat(rewards.get(3)).isEmpty();
    assertThat(rewards.get(4).getAsDouble())
        .isCloseTo(both("0", "1"), within(1e-12))
        .isLessThan(0.5);
    assertThat(asked)
        .startsWith(
            new Comparison(Prompt.text("x"), "3", "1"), new Comparison(Prompt.text("x"), "1", "3"))
        .hasSize(6);
    assertThat(ledger.byRole().get("preferences").calls()).isEqualTo(6);
    assertThat(reward.score(List.of(), NONE)).isEmpty();
  }

  @Test
  void answersOfAGroupMeetEachOther() {
    UsageLedger ledger = new UsageLedger();
    List<PromptCompletion> answers = new ArrayList<>(answers("3", "1", "2", "1"));
    answers.add(2, answer("y", "9"));
    List<OptionalDouble> rewards = RoundRobinPreference.of(labeler, ledger).score(answers, NONE);
    assertThat(rewards.get(0).getAsDouble())
        .isCloseTo((both("3", "1") + both("3", "2") + both("3", "1")) / 3, within(1e-12));
    assertThat(rewards.get(1).getAsDouble())
        .isCloseTo((both("1", "3") + both("1", "2") + 0.5) / 3, within(1e-12));
    assertThat(rewards.get(2)).as("no opponent").isEmpty();
    assertThat(rewards.get(3).getAsDouble())
        .isCloseTo((both("2", "3") + both("2", "1") + both("2", "1")) / 3, within(1e-12));
    assertThat(rewards.get(4)).isEqualTo(rewards.get(1));
    // Five pairs of different texts, each in both orders.
    assertThat(ledger.total().calls()).isEqualTo(10);
    assertThat(asked).hasSize(10).allMatch(c -> c.prompt().equals(Prompt.text("x")));
  }

  @Test
  void aGroupsRewardsHaveTheMeanOneHalfWhateverTheLabeler() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      PreferenceLabeler any =
          (comparisons, cancellation) ->
              comparisons.stream().map(c -> OptionalDouble.of(random.nextDouble())).toList();
      List<OptionalDouble> rewards =
          RoundRobinPreference.of(any, new UsageLedger())
              .score(answers("a", "b", "c", "a", "d"), NONE);
      assertThat(rewards.stream().mapToDouble(OptionalDouble::getAsDouble).average().getAsDouble())
          .isCloseTo(0.5, within(1e-12));
    }
  }

  @Test
  void aPairWithoutAVerdictCountsForNeither() {
    List<OptionalDouble> rewards =
        RoundRobinPreference.of(labeler, new UsageLedger()).score(answers("3", "?", "1"), NONE);
    assertThat(rewards.get(0).getAsDouble()).isCloseTo(both("3", "1"), within(1e-12));
    assertThat(rewards.get(1)).isEmpty();
    assertThat(rewards.get(2).getAsDouble()).isCloseTo(both("1", "3"), within(1e-12));
  }

  @Test
  void aVerdictInOneOrderOnlyIsNone() {
    for (int silent = 0; silent < 2; silent++) {
      int without = silent;
      PreferenceLabeler half =
          (comparisons, cancellation) ->
              IntStream.range(0, comparisons.size())
                  .mapToObj(i -> i == without ? OptionalDouble.empty() : OptionalDouble.of(1))
                  .toList();
      assertThat(BaselinePreference.of(half, p -> "1", new UsageLedger()).score(answers("2"), NONE))
          .containsExactly(OptionalDouble.empty());
    }
  }

  @Test
  void aLabelerThatBreaksItsPromiseFails() {
    PreferenceLabeler wrong =
        (comparisons, cancellation) ->
            comparisons.stream().map(c -> OptionalDouble.of(1.5)).toList();
    assertThatThrownBy(
            () -> RoundRobinPreference.of(wrong, new UsageLedger()).score(answers("1", "2"), NONE))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessage("a label must be a probability in [0, 1] but was 1.5");
    PreferenceLabeler few = (comparisons, cancellation) -> List.of();
    assertThatThrownBy(
            () -> RoundRobinPreference.of(few, new UsageLedger()).score(answers("1", "2"), NONE))
        .hasMessage("a labeler must label each of 2 comparisons but labelled 0");
  }
}
