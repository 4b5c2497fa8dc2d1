package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.alignment4j.api.evaluation.Sample;
import org.junit.jupiter.api.Test;

/** Limits of benchmarks whose clusters mean something only as a whole. */
class WholeClustersTest {

  /** The pairs of the small benchmark, of which neither sample counts without the other. */
  private static TinyBenchmark pairs() {
    return new TinyBenchmark("pairs", 20) {
      @Override
      public boolean wholeClusters() {
        return true;
      }
    };
  }

  private static List<String> chosen(long limit, OptionalLong seed) {
    SampleSet set = SampleSet.of(pairs(), OptionalLong.of(limit), seed);
    try (SampleSet.Reader reader = set.open()) {
      return IntStream.range(0, (int) set.size()).mapToObj(i -> reader.next().id()).toList();
    }
  }

  @Test
  void theFirstClustersThatFitAreTaken() {
    assertThat(chosen(5, OptionalLong.empty())).containsExactly("s0", "s1", "s2", "s3");
    assertThat(chosen(4, OptionalLong.empty())).containsExactly("s0", "s1", "s2", "s3");
    assertThat(chosen(99, OptionalLong.empty())).hasSize(20);
    SampleSet plain =
        SampleSet.of(new TinyBenchmark("plain", 20), OptionalLong.of(5), OptionalLong.empty());
    assertThat(plain.size()).isEqualTo(5);
  }

  @Test
  void clustersAreDrawnWholeAndBySeed() {
    List<String> first = chosen(7, OptionalLong.of(1));
    assertThat(first).hasSize(6);
    List<Sample> samples = pairs().samples;
    for (Sample sample : samples) {
      long own =
          samples.stream()
              .filter(s -> s.cluster().equals(sample.cluster()) && first.contains(s.id()))
              .count();
      assertThat(own).isIn(0L, 2L);
    }
    assertThat(chosen(7, OptionalLong.of(1))).isEqualTo(first);
    assertThat(chosen(7, OptionalLong.of(2))).isNotEqualTo(first);
  }

  @Test
  void aLimitBelowOneClusterIsRefusedBeforeTheModelIsCalled() {
    ScriptedModel model = new ScriptedModel("m", ScriptedModel::mostlyRight);
    assertThatThrownBy(() -> Evaluation.of(pairs()).model(model).limit(1).run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'pairs'")
        .hasMessageContaining("(2 samples), but was 1");
    assertThat(model.calls()).isZero();
  }
}
