package org.alignment4j.core.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.RunFolderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileOwnerTest {

  private static final String PROCESS = "process " + ProcessHandle.current().pid();

  @TempDir Path folder;

  @Test
  void aFileHasOneOwnerAtATime() {
    Path file = folder.resolve("new/calls.jsonl");
    try (FileOwner owner = FileOwner.of(file)) {
      assertThat(folder.resolve("new/calls.jsonl.lock")).content().startsWith(PROCESS);
      assertThatThrownBy(() -> FileOwner.of(file))
          .isInstanceOf(RunFolderException.class)
          .hasMessage(
              "a file must have one writer but "
                  + file
                  + " is in use by "
                  + PROCESS
                  + "; wait for it, stop it, or choose another file");
      FileOwner.of(folder.resolve("new/other.jsonl")).close();
      owner.close();
      FileOwner.of(file).close();
    }
  }

  @Test
  void aFolderHasOneOwnerAtATime() {
    Path run = folder.resolve("run");
    try (FileOwner owner = FileOwner.ofFolder(run, "run.lock")) {
      assertThat(run.resolve("run.lock")).content().startsWith(PROCESS);
      assertThatThrownBy(() -> FileOwner.ofFolder(run, "run.lock"))
          .isInstanceOf(RunFolderException.class)
          .hasMessage(
              "a run folder must have one owner but "
                  + run
                  + " is in use by "
                  + PROCESS
                  + "; wait for it, stop it, or choose another folder");
      owner.close();
      FileOwner.ofFolder(run, "run.lock").close();
    }
  }

  @Test
  void aRefusalWithinTheProcessLeavesTheLockHeld() throws Exception {
    Path file = folder.resolve("calls.jsonl");
    try (FileOwner owner = FileOwner.of(file)) {
      assertThat(owner).isNotNull();
      assertThatThrownBy(() -> FileOwner.of(file)).isInstanceOf(RunFolderException.class);
      assertThat(inAnotherProcess(file)).contains("in use by " + PROCESS);
    }
    assertThat(inAnotherProcess(file)).contains("owner");
  }

  /** On POSIX systems that releases the lock; the owner named in it still counts. */
  @Test
  void readingTheLockFileDoesNotGiveTheFolderAway() throws Exception {
    Path file = folder.resolve("calls.jsonl");
    try (FileOwner owner = FileOwner.of(file)) {
      assertThat(owner).isNotNull();
      Files.copy(folder.resolve("calls.jsonl.lock"), folder.resolve("backup"));
      assertThat(inAnotherProcess(file)).contains("in use by " + PROCESS);
    }
    assertThat(inAnotherProcess(file)).contains("owner");
    assertThat(folder.resolve("calls.jsonl.lock")).isEmptyFile();
  }

  @Test
  void anOwnerThatHasEndedOrWasAnotherProcessOfTheNumberDoesNotCount() throws IOException {
    Path file = folder.resolve("calls.jsonl");
    for (String content :
        List.of(
            PROCESS,
            PROCESS + " started 2001-02-03T04:05:06Z",
            PROCESS + " started at noon",
            "process x",
            "process 999999999 started 2001-02-03T04:05:06Z",
            "x".repeat(5000))) {
      Files.writeString(folder.resolve("calls.jsonl.lock"), content);
      FileOwner.of(file).close();
    }
  }

  private static String inAnotherProcess(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Other.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return said;
  }

  /** Says whether it became the owner of its argument. */
  static final class Other {
    public static void main(String[] args) {
      try (FileOwner owner = FileOwner.of(Path.of(args[0]))) {
        System.out.println("owner " + owner);
      } catch (RunFolderException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void anInterruptedThreadBecomesTheOwner() {
    Path file = folder.resolve("calls.jsonl");
    Thread.currentThread().interrupt();
    try (FileOwner owner = FileOwner.of(file)) {
      assertThat(owner).isNotNull();
      assertThatThrownBy(() -> FileOwner.of(file)).hasMessageContaining("in use by " + PROCESS);
      assertThat(folder.resolve("calls.jsonl.lock")).content().startsWith(PROCESS);
    } finally {
      assertThat(Thread.interrupted()).as("the flag stays").isTrue();
    }
  }

  @Test
  void aLockFileThatCannotBeWrittenIsAFault() throws IOException {
    Files.createDirectories(folder.resolve("calls.jsonl.lock"));
    assertThatThrownBy(() -> FileOwner.of(folder.resolve("calls.jsonl")))
        .isInstanceOf(RunFolderException.class)
        .hasMessageStartingWith("cannot lock " + folder.resolve("calls.jsonl") + ": ");
  }
}
