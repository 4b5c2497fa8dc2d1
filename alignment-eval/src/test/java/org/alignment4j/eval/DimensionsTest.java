package org.alignment4j.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.evaluation.Benchmark;
import org.alignment4j.eval.bias.CrowsPairs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DimensionsTest {
  @TempDir private Path folder;

  @Test
  void benchmarksSayWhichSideTheyShowAndWrappersKeepIt() throws IOException {
    Path file = folder.resolve("pairs.csv");
    Files.writeString(
        file,
        ",sent_more,sent_less,stereo_antistereo,bias_type\n0,He is tall.,She is tall.,stereo,gender\n");
    assertThat(CrowsPairs.of(file).dimension()).isEqualTo("bias");
    Benchmark privacy =
        new TinyBenchmark("tiny", 4) {
          @Override
          public String dimension() {
            return "privacy";
          }

          @Override
          public boolean wholeClusters() {
            return true;
          }
        };
    Benchmark repeated = new RepeatedBenchmark(privacy, new Epochs(2, EpochReduction.mean()));
    assertThat(repeated.dimension()).isEqualTo("privacy");
    assertThat(repeated.wholeClusters()).isTrue();
    EvaluationRun run =
        Evaluation.of(privacy).model(new ScriptedModel("m", ScriptedModel::mostlyRight)).run();
    assertThat(run.outcomes().get(0).result().dimension()).isEqualTo("privacy");
  }
}
