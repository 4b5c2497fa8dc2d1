package org.alignment4j.pocket.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFilesTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeOld() throws IOException {
    file = Files.createDirectory(folder.resolve("sub")).resolve("file.txt");
    WholeFiles.write(file, "old");
  }

  @Test
  void replacesTheContent() throws IOException {
    byte[] large = new byte[200_000];
    large[199_999] = 7;
    WholeFiles.write(file, large);
    assertThat(file).hasBinaryContent(large);
    WholeFiles.write(file, "né");
    assertThat(file).hasContent("né");
    assertNothingElse();
  }

  @Test
  void aBrokenSourceLeavesTheOldContent() {
    InputStream broken =
        new FilterInputStream(new ByteArrayInputStream(new byte[10])) {
          @Override
          public int read(byte[] bytes, int from, int count) throws IOException {
            throw new IOException("no more");
          }
        };
    assertThatThrownBy(() -> WholeFiles.copy(broken, file, () -> {})).hasMessage("no more");
    assertThat(file).hasContent("old");
    assertNothingElse();
  }

  @Test
  void aFailedCheckLeavesTheOldContent() {
    WholeFiles.Check failing =
        () -> {
          assertThat(file).hasContent("old");
          throw new IllegalStateException("not that");
        };
    assertThatThrownBy(
            () -> WholeFiles.copy(new ByteArrayInputStream(new byte[] {1}), file, failing))
        .hasMessage("not that");
    assertThat(file).hasContent("old");
    assertNothingElse();
  }

  /** The temporary file is nobody else's, however many write into one folder at once. */
  @Test
  void concurrentWritersOfOneFileLeaveOneOfTheirTexts() throws Exception {
    List<String> texts =
        IntStream.range(0, 8).mapToObj(i -> Integer.toString(i).repeat(70_000)).toList();
    ExecutorService writers = Executors.newFixedThreadPool(8);
    try {
      for (int round = 0; round < 20; round++) {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (String text : texts) {
          tasks.add(
              () -> {
                WholeFiles.write(file, text);
                return true;
              });
        }
        for (Future<Boolean> task : writers.invokeAll(tasks)) {
          assertThat(task.get()).isTrue();
        }
        assertThat(Files.readString(file)).isIn(texts);
        assertNothingElse();
      }
    } finally {
      writers.shutdown();
    }
  }

  private void assertNothingElse() {
    assertThat(file.getParent().toFile().list()).containsExactly("file.txt");
  }
}
