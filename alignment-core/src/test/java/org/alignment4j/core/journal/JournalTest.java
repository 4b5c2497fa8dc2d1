package org.alignment4j.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.provenance.ContentHash;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void choosePath() {
    path = folder.resolve("run/samples.jsonl");
  }

  @Test
  void valuesComeBackAfterReopening() throws IOException {
    try (Journal journal = Journal.open(path, Map.of("seed", 1))) {
      assertThat(journal.put(key("a"), Map.of("text", "two\nlines ü", "score", 0.5, "n", 3L)))
          .isTrue();
      assertThat(journal.put(key("b"), Map.of())).isTrue();
    }
    try (Journal journal = Journal.open(path, Map.of("seed", 1))) {
      assertThat(journal.size()).isEqualTo(2);
      assertThat(journal.get(key("a")))
          .contains(Map.of("text", "two\nlines ü", "score", 0.5, "n", 3L));
      assertThat(journal.get(key("b"))).contains(Map.of());
      assertThat(journal.get(key("c"))).isEmpty();
      assertThat(journal.contains(key("b"))).isTrue();
      List<ContentHash> order = new ArrayList<>();
      journal.forEach(entry -> order.add(entry.key()));
      assertThat(order).containsExactly(key("a"), key("b"));
    }
    assertThat(Files.readAllLines(path).get(0))
        .isEqualTo(
            "{\"format\":\"alignment4j-journal\",\"version\":1,\"configuration\":{\"seed\":1}}");
  }

  @Test
  void everyCutOfAFileOpensWithTheEntriesBeforeIt() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      for (int i = 0; i < 4; i++) {
        journal.put(key("item " + i), Map.of("i", i));
      }
    }
    byte[] whole = Files.readAllBytes(path);
    int lines = 0;
    for (int cut = 0; cut <= whole.length; cut++) {
      lines += cut > 0 && whole[cut - 1] == '\n' ? 1 : 0;
      Path copy = folder.resolve("cut.jsonl");
      Files.write(copy, Arrays.copyOf(whole, cut));
      try (Journal journal =
          Journal.open(copy, Map.of(), DuplicatePolicy.REFUSE, SyncPolicy.ON_CLOSE)) {
        assertThat(journal.size()).as("cut at %d", cut).isEqualTo(Math.max(0, lines - 1));
        for (int i = 0; i < 4; i++) {
          assertThat(journal.contains(key("item " + i))).isEqualTo(i < lines - 1);
        }
      }
    }
  }

  @Test
  void anotherConfigurationIsRefusedByItsFirstDifferingKey() {
    Journal.open(path, Map.of("limit", 10, "seed", 1, "task", "x")).close();
    assertThatThrownBy(() -> Journal.open(path, Map.of("limit", 10, "seed", 2, "task", "y")))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("'seed' was 1 and is now 2")
        .hasMessageContaining("samples.jsonl")
        .hasMessageContaining("choose another file");
    assertThatThrownBy(() -> Journal.open(path, Map.of("limit", 10, "seed", 1)))
        .hasMessageContaining("'task' was \"x\" and is now absent");
    assertThatThrownBy(
            () -> Journal.open(path, Map.of("epoch", 1, "limit", 10, "seed", 1, "task", "x")))
        .hasMessageContaining("'epoch' was absent and is now 1");
    Journal.open(path, Map.of("limit", 10.0, "seed", 1L, "task", "x")).close();
  }

  @Test
  void aNewerVersionIsRefusedByName() throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "{\"format\":\"alignment4j-journal\",\"version\":2,\"new\":true}\n");
    assertThatThrownBy(() -> Journal.open(path, Map.of()))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("newer version")
        .hasMessageContaining("alignment4j-journal version 2");
  }

  @Test
  void aFileOfAnotherKindIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectories(path.getParent());
    for (String content : List.of("{\"step\":1}\n{\"step\":2}\n{\"st", "notes without an end")) {
      Files.writeString(path, content);
      assertThatThrownBy(() -> Journal.open(path, Map.of()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("must begin with a line of format 'alignment4j-journal'");
      assertThat(path).hasContent(content);
    }
  }

  @Test
  void oneOwnerAtATime() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      assertThatThrownBy(() -> Journal.open(path, Map.of()))
          .isInstanceOf(RunFolderException.class)
          .hasMessageContaining("samples.jsonl")
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("wait for it, stop it, or choose another file");
      assertThat(journal.put(key("a"), Map.of("still", "open"))).isTrue();
    }
    Journal.open(path, Map.of()).close();
  }

  @Test
  void ofNestedConfigurationsTheValueThatDiffersIsNamed() {
    Map<String, Object> first = Map.of("run", Map.of("seed", 1, "world", "w"));
    Journal.open(path, first).close();
    Journal.open(path, Map.of("run", Map.of("world", "w", "seed", 1L))).close();
    assertThatThrownBy(() -> Journal.open(path, Map.of("run", Map.of("seed", 2, "world", "w"))))
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("'run/seed' was 1 and is now 2")
        .hasMessageNotContaining("world");
    assertThatThrownBy(() -> Journal.open(path, Map.of("run", Map.of("seed", 1))))
        .hasMessageContaining("'run/world' was \"w\" and is now absent");
  }

  @Test
  void anotherProcessIsKeptOut() throws Exception {
    try (Journal journal = Journal.open(path, Map.of())) {
      assertThat(journal.size()).isZero();
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpenJournal.class.getName(),
                  path.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).isEqualTo(3);
      assertThat(output)
          .contains("in use by process " + ProcessHandle.current().pid())
          .contains("samples.jsonl");
    }
  }

  /** Opens a journal in a process of its own. */
  static final class OpenJournal {
    public static void main(String[] args) {
      try {
        Journal.open(Path.of(args[0]), Map.of()).close();
      } catch (RunFolderException e) {
        System.out.println(e.getMessage());
        System.exit(3);
      }
    }
  }

  @Test
  void duplicatesFollowTheirPolicy() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      assertThat(journal.put(key("a"), Map.of("v", 1L))).isTrue();
      assertThat(journal.put(key("a"), Map.of("v", 2L))).isFalse();
      assertThat(journal.get(key("a"))).contains(Map.of("v", 1L));
    }
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.REFUSE, SyncPolicy.ON_CLOSE)) {
      assertThatThrownBy(() -> journal.put(key("a"), Map.of("v", 1L)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(key("a").hex());
    }
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.REPLACE, new SyncPolicy(2))) {
      assertThat(journal.put(key("b"), Map.of("v", 5L))).isTrue();
      assertThat(journal.put(key("a"), Map.of("v", 3L))).isTrue();
      assertThat(journal.size()).isEqualTo(2);
    }
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.REPLACE, SyncPolicy.ON_CLOSE)) {
      assertThat(journal.get(key("a"))).contains(Map.of("v", 3L));
      List<Object> values = new ArrayList<>();
      journal.forEach(entry -> values.add(entry.value().get("v")));
      assertThat(values).containsExactly(5L, 3L);
    }
    assertThatThrownBy(
            () -> Journal.open(path, Map.of(), DuplicatePolicy.REFUSE, SyncPolicy.ON_CLOSE))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("line 4")
        .hasMessageContaining("occurs again");
    try (Journal journal = Journal.open(path, Map.of())) {
      assertThat(journal.get(key("a"))).contains(Map.of("v", 1L));
    }
  }

  @Test
  void numbersWithoutJsonFormAreRefusedAndNothingIsWritten() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      long before = Files.size(path);
      assertThatThrownBy(() -> journal.put(key("a"), Map.of("loss", Double.NaN)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("/loss");
      assertThat(Files.size(path)).isEqualTo(before);
      assertThat(journal.contains(key("a"))).isFalse();
    }
  }

  @Test
  void damageAfterOpeningIsNamedByItsLine() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      journal.put(key("a"), Map.of("text", "aaaa"));
      journal.put(key("b"), Map.of("text", "bbbb"));
      Files.writeString(path, Files.readString(path).replace("bbbb", "bcbb"));
      assertThat(journal.get(key("a"))).contains(Map.of("text", "aaaa"));
      assertThatThrownBy(() -> journal.get(key("b")))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining("line 3")
          .hasMessageContaining("checksum");
    }
  }

  @Test
  void manyThreadsAppendAndReadWhileOthersAreInterrupted() throws Exception {
    int threads = 16;
    int each = 200;
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    CountDownLatch start = new CountDownLatch(1);
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.KEEP_FIRST, new SyncPolicy(64))) {
      List<Thread> all = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int thread = t;
        all.add(
            new Thread(
                () -> {
                  try {
                    start.await();
                    for (int i = 0; i < each; i++) {
                      if (thread % 2 == 0) {
                        Thread.currentThread().interrupt();
                      }
                      String text = "x".repeat(i) + thread;
                      journal.put(key(thread + "/" + i), Map.of("text", text));
                      assertThat(journal.get(key(thread + "/" + i))).contains(Map.of("text", text));
                      // Every thread also writes the same keys: one wins, all read it.
                      journal.put(key("shared " + i), Map.of("thread", thread));
                      assertThat(journal.get(key("shared " + i))).isPresent();
                    }
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                }));
      }
      all.forEach(Thread::start);
      start.countDown();
      for (Thread thread : all) {
        thread.join(TimeUnit.MINUTES.toMillis(2));
      }
      assertThat(failures).isEmpty();
      assertThat(journal.size()).isEqualTo(threads * each + each);
    }
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.REFUSE, SyncPolicy.ON_CLOSE)) {
      assertThat(journal.size()).isEqualTo(threads * each + each);
      assertThat(journal.repairedBytes()).isZero();
      for (int t = 0; t < threads; t++) {
        assertThat(journal.get(key(t + "/199"))).contains(Map.of("text", "x".repeat(199) + t));
      }
    }
  }

  @Test
  void aClosedJournalRefusesAndClosingTwiceIsAllowed() {
    Journal journal = Journal.open(path, Map.of());
    journal.put(key("a"), Map.of());
    journal.close();
    journal.close();
    assertThatThrownBy(() -> journal.put(key("b"), Map.of()))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> journal.get(key("a"))).isInstanceOf(AlignmentException.class);
  }

  @Test
  void valuesDoNotStayInMemory() {
    String large = "x".repeat(1 << 20);
    try (Journal journal =
        Journal.open(path, Map.of(), DuplicatePolicy.KEEP_FIRST, SyncPolicy.ON_CLOSE)) {
      long before = usedAfterCollection();
      for (int i = 0; i < 64; i++) {
        journal.put(key("large " + i), Map.of("text", large));
      }
      long used = usedAfterCollection() - before;
      assertThat(journal.size()).isEqualTo(64);
      // 64 MiB of values were written.
      assertThat(used).isLessThan(16L << 20);
      assertThat(journal.get(key("large 63"))).contains(Map.of("text", large));
    }
  }

  private static long usedAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static ContentHash key(String text) {
    return PlainJson.key(text);
  }

  @Test
  @Timeout(60)
  void aLineWithoutEndIsDamageNotAnEndlessRead() throws IOException {
    try (Journal journal = Journal.open(path, Map.of())) {
      journal.put(key("a"), Map.of("n", 1L));
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.seek(file.length() - 1);
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        for (int i = 0; i < 66; i++) {
          file.write(block);
        }
      }
      assertThatThrownBy(() -> journal.get(key("a"))).isInstanceOf(AlignmentException.class);
    }
  }
}
