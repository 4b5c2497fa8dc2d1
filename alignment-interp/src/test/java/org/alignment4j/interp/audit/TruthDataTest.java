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
          ImmutableIntArray.of(0, 1, 0, 1, 0, 1, 1));

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
