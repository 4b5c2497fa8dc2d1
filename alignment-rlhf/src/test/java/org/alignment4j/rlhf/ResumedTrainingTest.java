package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.loss.PreferenceLoss;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.train.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on from a folder, and what the folder keeps of the reference. */
class ResumedTrainingTest extends PocketTraining {

  @Test
  void aCancelledRunResumesToTheSameBits(@TempDir Path folder) {
    Path cut = folder.resolve("cut");
    PreferenceTrainer trainer = preferences().checkpointEvery(2);
    AtomicInteger looks = new AtomicInteger();
    assertThatThrownBy(
            () ->
                trainer
                    .runFolder(cut)
                    .cancellation(() -> looks.incrementAndGet() > 6)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    assertThat(cut.resolve(ReferenceCache.FILE)).exists();
    assertThat(cut.resolve("metrics.jsonl")).isNotEmptyFile();
    FineTuningResult second = trainer.runFolder(cut).train(pairs());
    FineTuningResult third = trainer.runFolder(cut).train(pairs());
    FineTuningResult uncut = trainer.train(pairs());
    try (DecoderModel resumed = second.model();
        DecoderModel finished = third.model();
        DecoderModel whole = uncut.model()) {
      assertThat(resumed.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(finished.weights().contentHash()).isEqualTo(whole.weights().contentHash());
      assertThat(losses(second)).hasSize(8).isEqualTo(losses(uncut));
      assertThat(third.metrics()).isEqualTo(second.metrics());
    }
    assertThatThrownBy(() -> trainer.runFolder(cut).seed(4).train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.seed");
    assertThatThrownBy(
            () ->
                PreferenceTrainer.of(base, PreferenceLoss.hinge(0.1))
                    .options(trainer.options())
                    .runFolder(cut)
                    .train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("objective");
  }

  private static List<Double> losses(FineTuningResult result) {
    return result.metrics().stream().map(m -> value(m, "loss")).toList();
  }

  /** A run of two updates that was stopped after the first. */
  private static PreferenceTrainer stopped(Path folder) {
    PreferenceTrainer trainer = preferences().epochs(1).runFolder(folder);
    AtomicBoolean begun = new AtomicBoolean();
    assertThatThrownBy(
            () ->
                trainer
                    .onProgress(event -> begun.set(true))
                    .cancellation(begun::get)
                    .train(pairs()))
        .isInstanceOf(CancelledException.class);
    return trainer;
  }

  @Test
  void cachedReferencesAreReadAndNewerFilesRefused(@TempDir Path folder) throws Exception {
    PreferenceTrainer trainer = stopped(folder);
    Path file = folder.resolve(ReferenceCache.FILE);
    String text = Files.readString(file);
    assertThat(text).contains("\"format\":\"alignment4j-reference-logprobs\"");
    Files.writeString(file, text.replace("\"version\":2", "\"version\":3"));
    assertThatThrownBy(() -> trainer.train(pairs()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("has version 3");
    Files.writeString(
        file, text.replaceAll("\"rejected\":\\[[^]]*]", "\"rejected\":[9,9,9,9,9,9]"));
    FineTuningResult result = trainer.train(pairs());
    result.model().close();
    assertThat(value(result.metrics().get(1), "rewards/rejected"))
        .as("0.1 times at most -9, from the file")
        .isLessThan(-0.9);
  }

  /** The file of a run that never was is of no reference here. */
  @Test
  void aStaleReferenceIsReplaced(@TempDir Path folder) throws Exception {
    Path file = folder.resolve(ReferenceCache.FILE);
    String stale =
        """
        {"format":"alignment4j-reference-logprobs","version":1,"key":"sha256:0",\
        "chosen":[9,9,9,9,9,9],"rejected":[9,9,9,9,9,9]}\
        """;
    Files.writeString(file, stale);
    FineTuningResult result = preferences().runFolder(folder).train(pairs());
    result.model().close();
    assertThat(value(result.metrics().get(0), "rewards/chosen")).isCloseTo(0, within(1e-4));
    assertThat(Files.readString(file)).isNotEqualTo(stale);
  }

  @Test
  void aRefusedRunLeavesTheReferenceOfTheFoldersRun(@TempDir Path folder) throws Exception {
    PreferenceTrainer trainer = stopped(folder);
    byte[] before = Files.readAllBytes(folder.resolve(ReferenceCache.FILE));
    List<PreferencePair> other = pairs().stream().map(PreferencePair::swapped).toList();
    assertThatThrownBy(() -> trainer.train(other))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("data.data");
    assertThat(folder.resolve(ReferenceCache.FILE)).hasBinaryContent(before);
  }

  @Test
  void aRunWithoutTheLockWritesNothing(@TempDir Path folder) {
    try (RunFolder owner = RunFolder.open(folder, Map.of("task", "another"), 1)) {
      assertThat(owner.path()).isEqualTo(folder);
      assertThatThrownBy(() -> preferences().runFolder(folder).train(pairs()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("in use");
      assertThat(folder.resolve(ReferenceCache.FILE)).doesNotExist();
    }
  }
}
