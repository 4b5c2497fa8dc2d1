package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.Progress;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {

  @Test
  void reportsAFewTimesASecondAndTheLastStep() {
    long[] now = {5_000_000_000L};
    List<Progress> reports = new ArrayList<>();
    TrainingProgress progress = new TrainingProgress("sft", 103, reports::add, () -> now[0]);
    for (int step = 1; step <= 103; step++) {
      now[0] += 100_000_000L;
      progress.step(new Metrics(step, Map.of("loss", 2.0)));
    }
    assertThat(reports).extracting(Progress::done).startsWith(1L, 4L, 7L).endsWith(100L, 103L);
    Progress last = reports.get(reports.size() - 1);
    assertThat(last.rate()).isCloseTo(10, within(1e-9));
    assertThat(last.elapsed().toMillis()).isEqualTo(10_300);
    assertThat(last.metrics()).containsExactly(Map.entry("loss", 2.0));
    assertThat(last.remaining().orElseThrow()).isZero();
  }

  @Test
  void tellsWhatIsLeftAtThePresentRate() {
    long[] now = {0};
    List<Progress> reports = new ArrayList<>();
    TrainingProgress progress = new TrainingProgress("sft", 100, reports::add, () -> now[0]);
    for (int step = 1; step <= 60; step++) {
      now[0] += step <= 20 ? 2_000_000_000L : 500_000_000L;
      progress.step(new Metrics(step, Map.of()));
    }
    assertThat(reports.get(19).remaining().orElseThrow().toSeconds()).isEqualTo(160);
    assertThat(reports.get(59).remaining().orElseThrow().toSeconds())
        .as("slow steps long ago do not count")
        .isEqualTo(20);
  }
}
