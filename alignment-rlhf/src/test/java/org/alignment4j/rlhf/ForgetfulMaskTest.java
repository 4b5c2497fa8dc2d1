package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.engine.Segments;
import org.alignment4j.runtime.engine.TokenBatch;
import org.alignment4j.runtime.train.MicroBatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Past tokens hidden while Chain of Hindsight is learned. */
class ForgetfulMaskTest extends PocketTraining {

  private static final float MASKED = TokenBatch.MASKED;

  @TempDir Path folder;

  private static MicroBatch rows(int rows, int... lengths) {
    int total = 0;
    Segments row = new Segments();
    for (int length : lengths) {
      row.add(new int[length]);
      total += length;
    }
    TokenBatch tokens = TokenBatch.of(java.util.Collections.nCopies(rows, row), total + 2);
    return new MicroBatch(tokens, new long[] {0}, new long[] {1}, Map.of());
  }

  @Test
  void aTokenSeesItselfAndTheFirstOfItsSequence() {
    MicroBatch plain = rows(2, 6, 9);
    MicroBatch hidden = new ForgetfulMask(0.95).apply(plain, new SplittableRandom(1));
    float[] before = mask(plain);
    float[] after = mask(hidden);
    int seq = plain.tokens().seq();
    int lost = 0;
    for (int row = 0; row < 2; row++) {
      for (int q = 0; q < seq; q++) {
        int at = (row * seq + q) * seq;
        int first = q < 6 ? 0 : q < 15 ? 6 : q;
        assertThat(after[at + q]).isZero();
        assertThat(after[at + first]).isZero();
        for (int k = 0; k < seq; k++) {
          if (after[at + k] != before[at + k]) {
            assertThat(k).isBetween(first + 1, q - 1);
            assertThat(after[at + k]).isEqualTo(MASKED);
            lost++;
          }
        }
      }
    }
    assertThat(lost).isPositive();
    assertThat(hidden.tokens().tokens()).isEqualTo(plain.tokens().tokens());
    assertThat(hidden.labels()).isEqualTo(plain.labels());
  }

  /** A share is drawn between none and the most: half of it in the mean. */
  @Test
  void hidesHalfTheMostInTheMean() {
    MicroBatch plain = rows(60, 40);
    SplittableRandom random = new SplittableRandom(5);
    float[] after = mask(new ForgetfulMask(0.3).apply(plain, random));
    double hidden = 0;
    double possible = 0;
    int seq = plain.tokens().seq();
    for (int row = 0; row < 60; row++) {
      for (int q = 0; q < 40; q++) {
        for (int k = 1; k < q; k++) {
          hidden += after[(row * seq + q) * seq + k] == MASKED ? 1 : 0;
          possible++;
        }
      }
    }
    assertThat(hidden / possible).isCloseTo(0.15, within(0.03));
  }

  @Test
  void nothingIsHiddenWithoutAShare() {
    MicroBatch plain = rows(1, 5);
    assertThat(ForgetfulMask.NONE.apply(plain, new SplittableRandom(1))).isSameAs(plain);
    assertThatThrownBy(() -> HindsightTrainer.of(base).forgetful(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("most must be in [0, 1) but was 1.0");
  }

  private static HindsightTrainer trainer() {
    return HindsightTrainer.of(base).learningRate(1e-3).batchSize(6).epochs(3).seed(2);
  }

  /** It is learned through the gaps, the same ones after a stop. */
  @Test
  void learnsThroughTheGapsAndGoesOnAfterAStop() {
    HindsightTrainer forgetful = trainer().forgetful(0.3).checkpointEvery(2);
    FineTuningResult plain = trainer().train(pairs());
    FineTuningResult expected = forgetful.train(pairs());
    int last = expected.metrics().size() - 1;
    assertThat(value(expected.metrics().get(0), "loss"))
        .isNotEqualTo(value(plain.metrics().get(0), "loss"));
    assertThat(value(expected.metrics().get(last), "loss"))
        .isLessThan(value(expected.metrics().get(0), "loss") - 0.5);
    assertThatThrownBy(
            () ->
                forgetful
                    .runFolder(folder)
                    .onMetrics(
                        m -> {
                          if (m.step() == 5) {
                            throw new IllegalStateException("died");
                          }
                        })
                    .train(pairs()))
        .hasMessage("died");
    assertThatThrownBy(() -> forgetful.forgetful(0.1).runFolder(folder).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("forgetful");
    FineTuningResult resumed = forgetful.runFolder(folder).train(pairs());
    assertThat(resumed.metrics().stream().map(m -> m.values().get("loss")).toList())
        .isEqualTo(expected.metrics().stream().map(m -> m.values().get("loss")).toList());
    for (FineTuningResult result : List.of(plain, expected, resumed)) {
      try (DecoderModel model = result.model()) {
        assertThat(model.id().equals(expected.model().id())).isEqualTo(result != plain);
      }
    }
  }

  private static float[] mask(MicroBatch batch) {
    return ((TokenBatch) batch.tokens()).mask();
  }
}
