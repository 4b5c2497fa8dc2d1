package org.alignment4j.interp.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.Test;

/** Controls whose truths are shuffled. */
class TruthDataTest {

  private static final TruthData DATA =
      new TruthData(
          Collections.nCopies(7, TokenIds.of(1)),
          List.of(true, false, true, false, false, true, false),
          List.of("cities", "animals", "cities", "animals", "cities", "animals", "animals"),
          ImmutableIntArray.of(0, 1, 2, 3, 4, 5, 6));

  /** Paraphrases of one statement share its truth; a statement and its negation have both. */
  private static final TruthData GROUPED =
      new TruthData(
          Collections.nCopies(11, TokenIds.of(1)),
          List.of(true, true, true, false, false, false, true, false, true, true, false),
          Collections.nCopies(11, "cities"),
          ImmutableIntArray.of(0, 0, 0, 1, 1, 2, 3, 3, 4, 4, 4));

  @Test
  void eachTopicKeepsItsTruthsAndEachStatementHasAnyOfThemEquallyOften() {
    SplittableRandom random = new SplittableRandom(1);
    int draws = 20_000;
    int[] truths = new int[DATA.size()];
    for (int draw = 0; draw < draws; draw++) {
      TruthData shuffled = DATA.shuffled(random);
      assertThat(count(shuffled, "cities")).isEqualTo(2);
      assertThat(count(shuffled, "animals")).isEqualTo(1);
      for (int i = 0; i < truths.length; i++) {
        truths[i] += shuffled.truths().get(i) ? 1 : 0;
      }
    }
    for (int i = 0; i < truths.length; i++) {
      double expected = DATA.topics().get(i).equals("cities") ? 2.0 / 3 : 1.0 / 4;
      assertThat((double) truths[i] / draws)
          .as("statement %s", i)
          .isCloseTo(expected, within(0.02));
    }
  }

  @Test
  void groupsOfOneTruthExchangeItAsWholesAndOthersWithinThemselves() {
    SplittableRandom random = new SplittableRandom(3);
    int draws = 20_000;
    int[] truths = new int[GROUPED.size()];
    for (int draw = 0; draw < draws; draw++) {
      List<Boolean> drawn = GROUPED.shuffled(random).truths();
      assertThat(drawn.subList(0, 3)).containsOnly(drawn.get(0));
      assertThat(drawn.get(3)).isEqualTo(drawn.get(4));
      assertThat(List.of(drawn.get(0), drawn.get(3), drawn.get(5))).containsOnlyOnce(true);
      assertThat(drawn.subList(6, 8)).containsExactlyInAnyOrder(true, false);
      assertThat(drawn.subList(8, 11)).containsExactlyInAnyOrder(true, true, false);
      for (int i = 0; i < truths.length; i++) {
        truths[i] += drawn.get(i) ? 1 : 0;
      }
    }
    for (int i = 0; i < truths.length; i++) {
      double expected = i < 6 ? 1.0 / 3 : i < 8 ? 1.0 / 2 : 2.0 / 3;
      assertThat((double) truths[i] / draws)
          .as("statement %s", i)
          .isCloseTo(expected, within(0.02));
    }
  }

  private static int count(TruthData data, String topic) {
    int truths = 0;
    for (boolean truth : data.labels(data.of(topic))) {
      truths += truth ? 1 : 0;
    }
    return truths;
  }

  @Test
  void nothingButTheTruthsIsShuffled() {
    TruthData shuffled = DATA.shuffled(new SplittableRandom(2));
    assertThat(shuffled.tokens()).isEqualTo(DATA.tokens());
    assertThat(shuffled.topics()).isEqualTo(DATA.topics());
    assertThat(shuffled.groups()).isEqualTo(DATA.groups());
  }
}
