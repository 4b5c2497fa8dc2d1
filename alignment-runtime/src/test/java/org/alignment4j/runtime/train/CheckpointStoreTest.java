package org.alignment4j.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.runtime.train.FailingDisk.Failure;
import org.alignment4j.runtime.train.FailingDisk.Killed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir Path folder;

  private CheckpointStore store(CheckpointDisk disk) {
    return new CheckpointStore(folder, 2, disk);
  }

  private static void save(CheckpointStore store, long step, float value) {
    float[] moments = new float[70_000];
    Arrays.fill(moments, value);
    StateTensor state =
        new StateTensor("m", List.of(FloatBuffer.wrap(moments), FloatBuffer.wrap(new float[3])));
    store.save(
        step,
        List.of(
            CheckpointPart.tensors("optimizer.safetensors", List.of(state)),
            CheckpointPart.text("note.txt", "value " + value)),
        Map.of("epoch", "1"));
  }

  /** Checks that a checkpoint holds what was saved with {@code value}. */
  private static void assertHolds(TrainingCheckpoint checkpoint, long step, float value) {
    assertThat(checkpoint.step()).isEqualTo(step);
    assertThat(checkpoint.values()).containsExactly(Map.entry("epoch", "1"));
    assertThat(checkpoint.text("note.txt")).isEqualTo("value " + value);
    float[] moments = new float[70_003];
    checkpoint.read(
        "optimizer.safetensors", List.of(new StateTensor("m", List.of(FloatBuffer.wrap(moments)))));
    assertThat(moments[69_999]).isEqualTo(value);
    assertThat(moments[70_002]).isZero();
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(e -> e.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void keepsTheNewest() throws IOException {
    CheckpointStore store = store(new CheckpointDisk());
    for (long step : new long[] {5, 10, 100}) {
      save(store, step, step);
    }
    assertThat(names()).containsExactly("checkpoint-10", "checkpoint-100");
    assertHolds(store.latest().orElseThrow(), 100, 100);
  }

  @Test
  void beginsEmpty() {
    assertThat(store(new CheckpointDisk()).latest()).isEmpty();
  }

  @Test
  void aKillAtAnyMomentLeavesTheOldOrTheNewCheckpoint() throws IOException {
    boolean failed = true;
    int savedBefore = 0;
    for (int moment = 0; failed; moment++) {
      emptyFolder();
      save(store(new CheckpointDisk()), 5, 5);
      save(store(new CheckpointDisk()), 7, 7);
      FailingDisk disk = new FailingDisk(Failure.KILL, moment);
      try {
        save(store(disk), 9, 9);
      } catch (Killed e) {
        assertThat(disk.failed()).isTrue();
      }
      failed = disk.failed();
      CheckpointStore reopened = store(new CheckpointDisk());
      reopened.recover();
      TrainingCheckpoint latest = reopened.latest().orElseThrow();
      assertHolds(latest, latest.step(), latest.step());
      assertThat(latest.step()).isIn(7L, 9L);
      savedBefore += latest.step() == 7 ? 1 : 0;
      assertThat(names()).allMatch(name -> name.startsWith("checkpoint-"));
      save(reopened, 9, 9);
      assertHolds(reopened.latest().orElseThrow(), 9, 9);
    }
    assertThat(savedBefore).as("moments before the rename").isGreaterThan(8);
  }

  @Test
  void aKillWhileReplacingTheSameStepLosesNeither() throws IOException {
    boolean failed = true;
    for (int moment = 0; failed; moment++) {
      emptyFolder();
      save(store(new CheckpointDisk()), 9, 1);
      FailingDisk disk = new FailingDisk(Failure.KILL, moment);
      try {
        save(store(disk), 9, 2);
      } catch (Killed e) {
        assertThat(disk.failed()).isTrue();
      }
      failed = disk.failed();
      CheckpointStore reopened = store(new CheckpointDisk());
      reopened.recover();
      TrainingCheckpoint latest = reopened.latest().orElseThrow();
      assertHolds(latest, 9, latest.text("note.txt").equals("value 1.0") ? 1 : 2);
      assertThat(names()).containsExactly("checkpoint-9");
    }
  }

  @Test
  void aFullDiskAtAnyMomentIsClearAndLeavesThePreviousCheckpoint() throws IOException {
    int refused = 0;
    boolean failed = true;
    for (int moment = 0; failed; moment++) {
      emptyFolder();
      save(store(new CheckpointDisk()), 7, 7);
      FailingDisk disk = new FailingDisk(Failure.FULL, moment);
      try {
        save(store(disk), 9, 9);
      } catch (RunFolderException e) {
        refused++;
        assertThat(e)
            .hasMessageContaining("could not save the checkpoint of step 9")
            .hasMessageContaining("No space left on device")
            .hasMessageContaining("remains; free disk space and run again");
      }
      failed = disk.failed();
      TrainingCheckpoint latest = store(new CheckpointDisk()).latest().orElseThrow();
      assertHolds(latest, latest.step(), latest.step());
      assertThat(names()).contains("checkpoint-7");
    }
    assertThat(refused).isGreaterThan(8);
  }

  private void emptyFolder() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        new CheckpointDisk().deleteTree(entry);
      }
    }
  }

  @Test
  void brokenCheckpointsAreSkipped() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 9, new CheckpointDisk());
    for (long step = 1; step <= 5; step++) {
      save(store, step, step);
    }
    Files.delete(folder.resolve("checkpoint-5/manifest.json"));
    byte[] bytes = Files.readAllBytes(folder.resolve("checkpoint-4/optimizer.safetensors"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(folder.resolve("checkpoint-4/optimizer.safetensors"), bytes);
    Files.writeString(folder.resolve("checkpoint-3/note.txt"), "longer than before");
    Files.delete(folder.resolve("checkpoint-2/note.txt"));
    Files.writeString(folder.resolve("checkpoint-2/manifest.json"), "{\"format\":");
    assertHolds(store.latest().orElseThrow(), 1, 1);
    Files.move(folder.resolve("checkpoint-1"), folder.resolve("checkpoint-6"));
    assertThat(store.latest()).as("a folder under another step's name").isEmpty();
  }

  @Test
  void manifestsCannotLeaveTheirFolder() throws IOException {
    CheckpointStore store = store(new CheckpointDisk());
    save(store, 1, 1);
    Path manifest = folder.resolve("checkpoint-1/manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("note.txt", "../note.txt"));
    Files.copy(folder.resolve("checkpoint-1/note.txt"), folder.resolve("note.txt"));
    assertThat(store.latest()).isEmpty();
  }

  /** What is renamed into place is on the disk before, and the new name after. */
  @Test
  void everythingIsForcedBeforeTheRenameAndTheFolderAfterIt() {
    RecordingDisk disk = new RecordingDisk(folder);
    save(store(disk), 5, 5);
    String unfinished = ".checkpoint-5.tmp";
    assertThat(disk.changes())
        .containsExactly(
            "create " + unfinished + "/optimizer.safetensors",
            "force " + unfinished + "/optimizer.safetensors",
            "create " + unfinished + "/note.txt",
            "force " + unfinished + "/note.txt",
            "create " + unfinished + "/manifest.json",
            "force " + unfinished + "/manifest.json",
            "force folder " + unfinished,
            "move " + unfinished + " to checkpoint-5",
            "force folder .");
  }

  @Test
  void aNewerVersionIsRefusedByName() throws IOException {
    CheckpointStore store = store(new CheckpointDisk());
    save(store, 1, 1);
    Path manifest = folder.resolve("checkpoint-1/manifest.json");
    String json = Files.readString(manifest);
    Files.writeString(manifest, json.replaceFirst("\"version\" : 1", "\"version\" : 2"));
    assertThatThrownBy(store::latest)
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("alignment4j-checkpoint version 1 or older but has version 2");
  }

  @Test
  void stateOfAnotherShapeIsRefused() {
    CheckpointStore store = store(new CheckpointDisk());
    save(store, 1, 1);
    TrainingCheckpoint checkpoint = store.latest().orElseThrow();
    StateTensor shorter = new StateTensor("m", List.of(FloatBuffer.allocate(5)));
    assertThatThrownBy(() -> checkpoint.read("optimizer.safetensors", List.of(shorter)))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("m with 5 elements but holds 70003");
    assertThatThrownBy(() -> checkpoint.read("optimizer.safetensors", List.of()))
        .hasMessageContaining("must hold 0 state tensors");
    assertThatThrownBy(() -> checkpoint.text("other.txt")).hasMessageContaining("other.txt");
  }

  @Test
  void fileNamesAreChecked() {
    assertThatThrownBy(() -> CheckpointPart.text("../x", "")).hasMessageContaining("../x");
    assertThatThrownBy(() -> CheckpointPart.text("manifest.json", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new CheckpointStore(folder, 0, new CheckpointDisk()))
        .hasMessage("keep must be at least 1 but was 0");
  }
}
