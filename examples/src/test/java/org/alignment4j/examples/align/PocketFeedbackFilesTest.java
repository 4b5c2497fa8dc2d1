package org.alignment4j.examples.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.data.Rankings;
import org.alignment4j.core.data.StepLabelled;
import org.alignment4j.core.data.UnpairedLabels;
import org.alignment4j.pocket.benchmark.BenchmarkOptions;
import org.alignment4j.pocket.benchmark.PocketBenchmarks;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.PreferenceAspect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pocket world's feedback files are what the readers of alignment data read. */
class PocketFeedbackFilesTest {
  private static final PocketBenchmarks SETS =
      PocketBenchmarks.of(PocketWorld.create(1), new BenchmarkOptions(3, 300, 0.2, 5));

  @TempDir Path folder;

  @Test
  void feedbackReadsBackAsItIs() {
    SETS.write(folder);
    assertThat(Preferences.read(folder.resolve("preferences-helpfulness.jsonl")))
        .isEqualTo(SETS.preferences(PreferenceAspect.HELPFULNESS));
    assertThat(Preferences.read(folder.resolve("preferences-harmlessness.jsonl")))
        .isEqualTo(SETS.preferences(PreferenceAspect.HARMLESSNESS));
    assertThat(UnpairedLabels.read(folder.resolve("unpaired-labels.jsonl")))
        .isEqualTo(SETS.unpairedLabels());
    assertThat(Rankings.read(folder.resolve("rankings.jsonl"))).isEqualTo(SETS.rankings());
    assertThat(StepLabelled.read(folder.resolve("step-labels.jsonl"))).isEqualTo(SETS.stepLabels());
  }
}
