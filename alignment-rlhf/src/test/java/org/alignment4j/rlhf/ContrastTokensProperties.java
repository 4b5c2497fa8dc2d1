package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.runtime.train.TopLogits;

/** Draws of what bad tokens are contrasted with. */
class ContrastTokensProperties {

  private static final int BAD = 1000;

  /** Descending logits of tokens 0, 1, ... of two rows, the bad token at a place of the second. */
  private static TopLogits top(long seed, int count, int place, float shift) {
    Random random = new Random(seed);
    int[] tokens = new int[2 * count];
    float[] logits = new float[2 * count];
    for (int r = 0; r < 2; r++) {
      float value = shift;
      for (int i = 0; i < count; i++) {
        tokens[r * count + i] = r == 1 && i == place ? BAD : i;
        logits[r * count + i] = value;
        value -= random.nextFloat();
      }
    }
    return new TopLogits(count, tokens, logits);
  }

  @Property(tries = 300)
  void neverTheBadTokenAndWithoutItNeverTheLast(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int k,
      @ForAll @IntRange(min = 0, max = 7) int place,
      @ForAll @DoubleRange(max = 1, maxIncluded = false) double uniform) {
    TopLogits top = top(seed, k + 1, place, 0);
    int drawn = ContrastTokens.draw(top, 1, BAD, uniform);
    assertThat(drawn).isNotEqualTo(BAD).isBetween(0, k);
    if (place > k) {
      assertThat(drawn).as("the token beyond k").isLessThan(k);
    }
    if (k == 1) {
      assertThat(drawn).as("the likeliest other").isEqualTo(place == 0 ? 1 : 0);
    }
  }

  @Property(tries = 30)
  void drawsFollowTheSoftmaxOfWhatIsKept(@ForAll long seed) {
    TopLogits top = top(seed, 4, 1, 3);
    double total = 0;
    for (int i : new int[] {0, 2, 3}) {
      total += Math.exp(top.logits()[4 + i]);
    }
    int[] counts = new int[4];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      counts[ContrastTokens.draw(top, 1, BAD, (i + 0.5) / draws)]++;
    }
    for (int i : new int[] {0, 2, 3}) {
      assertThat((double) counts[i] / draws)
          .isCloseTo(Math.exp(top.logits()[4 + i]) / total, within(1e-3));
    }
  }
}
