package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.alignment4j.api.AlignmentException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

  @TempDir Path folder;

  @Test
  void createsParentsAndReplaces() throws IOException {
    Path file = folder.resolve("a/b/state.json");
    AtomicFiles.write(file, "one");
    AtomicFiles.write(file, "two ü".getBytes(UTF_8));
    assertThat(file).hasContent("two ü");
    try (Stream<Path> entries = Files.list(file.getParent())) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void failureWhileWritingKeepsTheOldContentAndLeavesNoTemporaryFile() throws IOException {
    Path file = folder.resolve("state.bin");
    AtomicFiles.write(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    channel -> {
                      channel.write(ByteBuffer.wrap("half".getBytes(UTF_8)));
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("state.bin")
        .hasMessageContaining("No space left")
        .hasMessageContaining("previous content is unchanged");
    assertThat(file).hasContent("old");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void permissionsAreThoseOfAnOrdinaryFile() throws IOException {
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Path file = folder.resolve("state.json");
    AtomicFiles.write(file, "one");
    assertThat(Files.getAttribute(file, "unix:mode"))
        .isEqualTo(Files.getAttribute(ordinary, "unix:mode"));
  }

  @Test
  void aFileSystemThatCannotReplaceInOneStepIsRefused() throws IOException {
    Path file = folder.resolve("state.json");
    AtomicFiles.write(file, "old");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    channel -> channel.write(ByteBuffer.wrap("new".getBytes(UTF_8))),
                    (from, to) -> {
                      throw new AtomicMoveNotSupportedException(
                          from.toString(), to.toString(), "not here");
                    },
                    AtomicFiles::forceFolder))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("state.json whole or not at all")
        .hasMessageContaining("write to another file system");
    assertThat(file).hasContent("old");
    try (Stream<Path> entries = Files.list(folder)) {
      assertThat(entries).containsExactly(file);
    }
  }

  @Test
  void aFailureAfterTheMoveDoesNotSayThatNothingWasWritten() throws IOException {
    Path file = folder.resolve("state.json");
    assertThatThrownBy(
            () ->
                AtomicFiles.write(
                    file,
                    channel -> channel.write(ByteBuffer.wrap("new".getBytes(UTF_8))),
                    Files::move,
                    parent -> {
                      throw new IOException("Input/output error");
                    }))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("state.json")
        .hasMessageContaining("Input/output error")
        .hasMessageContaining("the new content is in place")
        .hasMessageNotContaining("unchanged");
    assertThat(file).hasContent("new");
  }

  @Test
  void afterTheMoveTheTemporaryNameIsLeftToOthers() throws IOException {
    Path file = folder.resolve("state.json");
    Path[] taken = new Path[1];
    AtomicFiles.write(
        file,
        channel -> channel.write(ByteBuffer.wrap("new".getBytes(UTF_8))),
        (from, to) -> {
          Files.move(from, to);
          taken[0] = Files.writeString(from, "of another writer");
        },
        parent -> {});
    assertThat(taken[0]).hasContent("of another writer");
  }

  @Test
  void aFolderInTheWayIsNamed() throws IOException {
    Path blocked = folder.resolve("taken");
    Files.createDirectories(blocked.resolve("inside"));
    assertThatThrownBy(() -> AtomicFiles.write(blocked, "text"))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("taken");
  }
}
