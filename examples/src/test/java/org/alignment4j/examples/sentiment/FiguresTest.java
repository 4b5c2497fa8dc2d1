package org.alignment4j.examples.sentiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.junit.jupiter.api.Test;

/** Distinct-2, gains, pairs and prompts by hand. */
class FiguresTest {

  @Test
  void distinct2IsTheShareOfDifferentNeighbours() {
    assertThat(Distinct2.of(List.of("the cat saw the cat"))).isEqualTo(3 / 4.0);
    assertThat(Distinct2.of(List.of("the cat sat", "The cat ran"))).isEqualTo(3 / 4.0);
    assertThat(Distinct2.of(List.of("a b", "b a"))).isEqualTo(1);
    assertThat(Distinct2.of(List.of("one", "", "two"))).isNaN();
  }

  /** Deviation of 0, 0, 2, 2 is √(4/3); means of differences by prompt are 1 and 3. */
  @Test
  void aGainIsInStandardDeviationsOfTheFirst() {
    Estimate gain =
        Gain.of(new double[] {0, 0, 2, 2}, new double[] {1, 1, 5, 5}, new int[] {0, 0, 1, 1});
    assertThat(gain.value()).isCloseTo(2 / Math.sqrt(4 / 3.0), within(1e-12));
    assertThat(gain.clusters()).isEqualTo(2);
    assertThat(gain.standardError()).isCloseTo(1 / Math.sqrt(4 / 3.0), within(1e-12));
  }

  @Test
  void noGainWithoutDeviation() {
    assertThat(Gain.of(new double[] {1, 1}, new double[] {2, 2}, new int[] {0, 1}).value()).isNaN();
  }

  @Test
  void theBestIsPairedWithTheWorst() {
    Map<String, Double> scores = Map.of("a", 1.0, "b", 4.0, "c", 2.0, "d", 2.0);
    List<List<Reply>> replies =
        List.of(scores.keySet().stream().sorted().map(t -> reply(t)).toList());
    List<PreferencePair> pairs = RankedPairs.of(replies, r -> scores.get(r.text()), 2);
    assertThat(pairs).as("c and d are equal").hasSize(1);
    assertThat(pairs.get(0).chosen()).isEqualTo("b");
    assertThat(pairs.get(0).rejected()).isEqualTo("a");
    assertThat(RankedPairs.of(List.of(List.of(reply("a"))), r -> 1, 2)).isEmpty();
  }

  private static Reply reply(String text) {
    return new Reply("Once.", text, TokenIds.of(1));
  }

  @Test
  void promptsAreDifferentFirstSentences() {
    assertThat(
            StoryPrompts.firstSentences(
                List.of(
                    "One day, Tim saw a dog. It ran.",
                    " One day, Tim saw a dog. It sat.",
                    "Short one. Then more.",
                    "Who is at the door? It is Sue.",
                    "He said, \"I am here.\" Then he left.",
                    "A story that has only one sentence.")))
        .containsExactly("One day, Tim saw a dog.", "Who is at the door?");
  }
}
