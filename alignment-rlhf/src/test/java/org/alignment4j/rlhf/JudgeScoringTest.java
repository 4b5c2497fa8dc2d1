package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.rlhf.advantage.Groups;
import org.alignment4j.rlhf.advantage.SequenceRewards;
import org.junit.jupiter.api.Test;

/** Scores of answers from probabilities of pairs, worked out by hand. */
class JudgeScoringTest {

  private final List<Comparison> asked = new ArrayList<>();

  /** Sees no difference to "?", and else thinks 0.9 of the longer text wherever it stands. */
  private OptionalDouble label(Comparison pair) {
    asked.add(pair);
    if (pair.first().equals("?") || pair.second().equals("?")) {
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(pair.first().length() > pair.second().length() ? 0.9 : 0.1);
  }

  private SequenceRewards scores(String... texts) {
    List<Rollout> rollouts = new ArrayList<>();
    for (int i = 0; i < texts.length; i++) {
      rollouts.add(
          new Rollout(0, i, Prompt.text("p"), TokenIds.of(1), texts[i], TokenIds.of(2, 3), false));
    }
    JudgeScoring scoring =
        new JudgeScoring(
            "longer",
            (comparisons, token) -> comparisons.stream().map(this::label).toList(),
            PolicyRewards.none());
    return scoring.score(
        1,
        new SampledStep(rollouts, Groups.consecutive(1, texts.length), null),
        CancellationToken.none());
  }

  /** The mean over both others: 0.5 for the twin, 0.9 or 0.1 for the other. */
  @Test
  void identicalAnswersAreEquallyGoodWithoutAsking() {
    assertThat(scores("long", "long", "s").totals())
        .containsExactly(new double[] {0.7, 0.7, 0.1}, within(1e-12));
    assertThat(asked).hasSize(4).allMatch(c -> !c.first().equals(c.second()));
    asked.clear();
    assertThat(scores("a", "a").totals()).containsExactly(0.5, 0.5);
    assertThat(asked).isEmpty();
  }

  @Test
  void aPairWithoutAVerdictDoesNotCount() {
    SequenceRewards scores = scores("long", "?", "s");
    assertThat(scores.totals()[0]).isCloseTo(0.9, within(1e-12));
    assertThat(scores.totals()[2]).isCloseTo(0.1, within(1e-12));
    assertThat(scores.present(1)).isFalse();
  }
}
