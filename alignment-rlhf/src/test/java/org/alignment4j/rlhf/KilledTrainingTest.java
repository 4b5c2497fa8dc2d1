package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.Metrics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Processes that are ended while they train, and others that go on: what is left at the end are the
 * bits of a run that was left alone, its weights, checkpoints, metrics and samples.
 */
class KilledTrainingTest {

  private static final int KILLS_OF_ONE_RUN = 2;

  @TempDir Path folder;

  private DecoderModel base;

  @BeforeEach
  void open() {
    base = Trainings.model(folder.resolve("model"));
  }

  @AfterEach
  void close() {
    base.close();
  }

  static Stream<Training> all() {
    return Trainings.all().stream();
  }

  /** One training of each way a run is kept, each ended at another moment. */
  @Test
  void continuesFromTheMiddleOfWhatARunDoes() throws Exception {
    record Kill(String training, Moment moment, int call) {}
    List<Kill> kills =
        List.of(
            new Kill("dpo", Moment.CHECKPOINT, 7),
            new Kill("raft", Moment.SCORING, 30),
            new Kill("dapo with resampling", Moment.GENERATION, 60),
            new Kill("ppo-lagrangian", Moment.UPDATE, 21));
    List<String> runs = new ArrayList<>();
    for (Kill kill : kills) {
      Path run = folder.resolve(kill.training());
      List<String> one = List.of(kill.training(), run.toString());
      ChildProcess child = ChildProcess.waiting(folder, one);
      assertThat(Debugger.kill(child, kill.moment(), kill.call())).as("%s", kill).isPresent();
      assertThat(run.resolve("checkpoint-2")).as("what %s goes on from", kill).exists();
      runs.addAll(one);
    }
    List<String> trained = ChildProcess.start(folder, TrainingProcess.FINISH, runs).trained();
    for (Kill kill : kills) {
      Whole whole = Whole.of(Trainings.named(kill.training()), base, folder);
      assertThat(trained).contains(kill.training() + " " + whole.id());
      whole.requireSame(folder.resolve(kill.training()));
    }
  }

  /** Every trainer, ended at each moment it has and at random ones. */
  @Tag("slow")
  @ParameterizedTest
  @MethodSource("all")
  void everyTrainerEndsInTheSameBits(Training training) throws Exception {
    Whole whole = Whole.of(training, base, folder);
    SplittableRandom random = new SplittableRandom(training.name().hashCode());
    Map<Moment, String> ended = new LinkedHashMap<>();
    List<Path> runs = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      for (int call = moment.draw(random, training);
          call > 0 && !ended.containsKey(moment);
          call /= 2) {
        int which = call;
        Path run = folder.resolve(moment + " " + call);
        List<String> one = List.of(training.name(), run.toString());
        Debugger.kill(ChildProcess.waiting(folder, one), moment, call)
            .ifPresent(where -> ended.put(moment, "call " + which + " of " + where));
        runs.add(run);
      }
    }
    System.out.println(training + ": " + ended);
    assertThat(ended)
        .containsKeys(Moment.UPDATE, Moment.LOG, Moment.EVALUATION, Moment.CHECKPOINT, Moment.FILE);
    if (training.kind() == Training.Kind.LANGUAGE) {
      assertThat(ended).containsKeys(Moment.GENERATION);
    }
    if (training.sampling()) {
      assertThat(ended).containsKeys(Moment.SCORING);
    }
    Path run = folder.resolve("killed");
    int kills = 0;
    for (int i = 0; i < KILLS_OF_ONE_RUN; i++) {
      kills +=
          killed(training, run, random.nextLong(1 + whole.millis() / KILLS_OF_ONE_RUN)) ? 1 : 0;
    }
    assertThat(kills).as("kills at random moments").isPositive();
    runs.add(run);
    List<String> all =
        runs.stream().flatMap(r -> Stream.of(training.name(), r.toString())).toList();
    assertThat(ChildProcess.start(folder, TrainingProcess.FINISH, all).trained())
        .hasSameSizeAs(runs)
        .containsOnly(training + " " + whole.id());
    for (Path each : runs) {
      whole.requireSame(each);
    }
  }

  /** Kills a process some time after it has the run's folder; false when it was done before. */
  private boolean killed(Training training, Path run, long millis) throws Exception {
    Files.createDirectories(run);
    ChildProcess child =
        ChildProcess.start(
            folder, TrainingProcess.FINISH, List.of(training.name(), run.toString()));
    while (child.process().isAlive() && entries(run) == 0) {
      child.process().waitFor(2, TimeUnit.MILLISECONDS);
    }
    child.process().waitFor(millis, TimeUnit.MILLISECONDS);
    child.process().destroyForcibly().waitFor();
    return child.process().exitValue() != 0;
  }

  private static long entries(Path run) throws Exception {
    try (Stream<Path> entries = Files.list(run)) {
      return entries.count();
    }
  }

  /**
   * A run that was left alone.
   *
   * @param files all it left
   * @param steps how many it has, at least
   * @param millis how long it took
   */
  private record Whole(String id, Map<String, Object> files, long steps, long millis) {

    static Whole of(Training training, DecoderModel base, Path folder) throws Exception {
      Path run = folder.resolve("whole " + training.name());
      long begun = System.nanoTime();
      Training.Outcome outcome =
          training.train(base, o -> TrainingProcess.watched(training, o).withRunFolder(run));
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      long steps = RunFiles.metrics(run).stream().mapToLong(List::size).min().orElseThrow();
      return new Whole(outcome.id(), RunFiles.of(run), steps, millis);
    }

    void requireSame(Path run) throws Exception {
      Map<String, Object> left = RunFiles.of(run);
      // One that was killed when its last checkpoint was whole has not removed the oldest.
      left.keySet().removeIf(file -> !files.containsKey(file) && file.contains("checkpoint-"));
      assertThat(left).containsOnlyKeys(files.keySet());
      files.forEach((name, content) -> assertThat(left.get(name)).as(name).isEqualTo(content));
      for (List<Metrics> metrics : RunFiles.metrics(run)) {
        assertThat(metrics)
            .extracting(Metrics::step)
            .as("steps of %s", run)
            .containsExactlyElementsOf(
                LongStream.range(0, metrics.size())
                    .mapToObj(i -> i + metrics.get(0).step())
                    .toList());
      }
    }
  }
}
