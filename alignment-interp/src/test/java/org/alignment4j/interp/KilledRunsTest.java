package org.alignment4j.interp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.feature.SaeSite;
import org.alignment4j.interp.feature.train.ActivationSource;
import org.alignment4j.interp.feature.train.SaeDesign;
import org.alignment4j.interp.feature.train.SaeTrainer;
import org.alignment4j.interp.feature.train.SaeTrainingOptions;
import org.alignment4j.interp.feature.train.SaeVariant;
import org.alignment4j.interp.lens.LensCorpus;
import org.alignment4j.interp.lens.TunedLensOptions;
import org.alignment4j.interp.lens.TunedLensTrainer;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.TrainingContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Processes that are killed while they train an autoencoder or a lens, again and again: what the
 * last one ends with has the bits of a run that was left alone.
 */
@Tag("slow")
class KilledRunsTest {

  private static final int KILLS = 4;
  private static final int STEPS = 400;

  @TempDir Path folder;

  enum Task {
    AUTOENCODER {
      @Override
      String train(Path run) {
        int width = 16;
        Random random = new Random(1);
        float[] rows = new float[2048 * width];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = (float) random.nextGaussian();
        }
        SaeTrainingOptions options =
            SaeTrainingOptions.defaults(STEPS)
                .rows(128, 1024)
                .dead(30, Optional.empty())
                .checkpoints(20, 2);
        SaeDesign design =
            SaeDesign.autoencoder(
                SaeSite.of("m", HookPoints.residPost(0)), width, 64, SaeVariant.BatchTopK.of(4));
        return new SaeTrainer(DevicePolicy.CPU, options, TrainingContext.defaults())
            .train(design, ActivationSource.of(rows, width, 100), run)
            .autoencoder()
            .contentHash();
      }
    },
    LENS {
      @Override
      String train(Path run) {
        try (DecoderModel model = RandomModels.create("llama")) {
          List<TokenIds> texts =
              IntStream.range(0, 40).mapToObj(i -> RandomModels.tokens(12, i)).toList();
          return new TunedLensTrainer(
                  TunedLensOptions.defaults().steps(STEPS, 64).checkpoints(20, 2),
                  TrainingContext.defaults())
              .train(model, LensCorpus.of(texts, 4, 1), run)
              .translators()
              .contentHash();
        }
      }
    };

    /** What was trained, told by its bits. */
    abstract String train(Path run);
  }

  /** What a process does: a task's name and its folder. */
  public static void main(String[] arguments) {
    System.out.println("trained " + Task.valueOf(arguments[0]).train(Path.of(arguments[1])));
  }

  private Process start(Task task, Path run) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + folder,
            "-classpath",
            System.getProperty("java.class.path"),
            KilledRunsTest.class.getName(),
            task.name(),
            run.toString())
        .redirectError(folder.resolve("errors.txt").toFile())
        .start();
  }

  private static boolean hasCheckpoint(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(run)) {
      return entries.anyMatch(entry -> entry.getFileName().toString().startsWith("checkpoint-"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void endsInTheBitsOfARunThatWasLeftAlone(Task task) throws Exception {
    String whole = task.train(folder.resolve("whole"));
    Path run = folder.resolve("killed");
    SplittableRandom random = new SplittableRandom(3);
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      Process process = start(task, run);
      while (process.isAlive() && !hasCheckpoint(run)) {
        process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      process.waitFor(random.nextLong(400), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      killed += process.exitValue() == 0 ? 0 : 1;
    }
    assertThat(killed).isPositive();
    Process last = start(task, run);
    String output = new String(last.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(last.waitFor()).as(() -> errors()).isZero();
    assertThat(output.lines().toList()).contains("trained " + whole);
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
