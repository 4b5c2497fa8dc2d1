package org.alignment4j.runtime.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.ModelExecutionException;

class LabelledProperties {

  /** Few values, so that many tokens are equally likely; the first of them is the greedy one. */
  @Property(tries = 200)
  void aLabelIsGreedyWhenItIsTheFirstOfTheLikeliest(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int vocab) {
    Random random = new Random(seed);
    int rows = 8;
    float[] logProbs = new float[rows * vocab];
    int[] labels = new int[rows];
    boolean[] greedy = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      int likeliest = 0;
      for (int v = 0; v < vocab; v++) {
        logProbs[i * vocab + v] = random.nextInt(vocab < 50 ? 4 : 2000) / -8f - 1;
        if (logProbs[i * vocab + v] > logProbs[i * vocab + likeliest]) {
          likeliest = v;
        }
      }
      labels[i] = random.nextBoolean() ? likeliest : random.nextInt(vocab);
      greedy[i] = labels[i] == likeliest;
    }
    Labelled labelled = new Labelled(labels, vocab);

    labelled.read(0, rows, FloatBuffer.wrap(logProbs));

    for (int i = 0; i < rows; i++) {
      assertThat(labelled.greedy(i, i + 1)).isEqualTo(greedy[i]);
      assertThat(labelled.logProbs()[i]).isEqualTo(logProbs[i * vocab + labels[i]]);
    }
  }

  @Example
  void aLabelWithoutANumberIsRefused() {
    float[] logProbs = new float[2000];
    Arrays.fill(logProbs, -7);
    logProbs[1500] = Float.NaN;

    assertThatThrownBy(
            () -> new Labelled(new int[] {1500}, 2000).read(0, 1, FloatBuffer.wrap(logProbs)))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("token 1500 has NaN");
  }
}
