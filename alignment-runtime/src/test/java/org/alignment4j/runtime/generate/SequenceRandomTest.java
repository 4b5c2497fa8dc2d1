package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The documented algorithm, against the JDK's SplitMix64. */
class SequenceRandomTest {

  private static final long GAMMA = 0x9e3779b97f4a7c15L;
  private static final int STEPS = 50;

  /** {@code mix(x + g)} is the first number of a SplitMix64 generator with seed x. */
  private static long mixed(long x) {
    return new SplittableRandom(x).nextLong();
  }

  @Test
  void stepsAreTheNumbersOfASplitMix64GeneratorOfTheSequence() {
    for (long seed : new long[] {0, 1, -7, 42, Long.MIN_VALUE, 0x123456789abcdefL}) {
      for (long sequence : new long[] {0, 1, 2, 63, 1_000_000}) {
        SequenceRandom random = new SequenceRandom(seed, sequence);
        SplittableRandom expected = new SplittableRandom(mixed(mixed(seed) + GAMMA * sequence));
        for (int step = 0; step < STEPS; step++) {
          assertThat(random.uniform(step))
              .as("seed %s, sequence %s, step %s", seed, sequence, step)
              .isEqualTo((expected.nextLong() >>> 11) * 0x1p-53);
        }
      }
    }
  }

  @Test
  void samplesOfAPromptAreSequencesOfTheDocumentedHash() {
    int[] prompt = {5, 0, 1 << 30};
    long hash = mixed(prompt.length);
    for (int token : prompt) {
      hash = mixed(hash + GAMMA * token);
    }
    for (long sample : new long[] {0, 1, 1000}) {
      assertThat(SequenceRandom.ofSample(9, prompt, sample))
          .isEqualTo(new SequenceRandom(9, mixed(hash + GAMMA * sample)));
    }
    assertThat(SequenceRandom.ofSample(9, new int[] {0}, 0))
        .isNotEqualTo(SequenceRandom.ofSample(9, new int[] {0, 0}, 0));
  }

  /** Saved seeds mean the same completions in every release. */
  @Test
  void theNumbersNeverChange() {
    assertThat(new SequenceRandom(0, 0).uniform(0)).isEqualTo(0.13870941014555427);
    assertThat(new SequenceRandom(0, 0).uniform(1)).isEqualTo(0.9711020828012883);
    assertThat(new SequenceRandom(42, 7).uniform(1000)).isEqualTo(0.577606521888311);
  }
}
