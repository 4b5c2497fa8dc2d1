package org.alignment4j.runtime.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.core.journal.DuplicatePolicy;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.SyncPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journals: a damaged one is refused, or opened with entries that were once written. */
class JournalFuzzTest {

  private static final Map<String, Object> CONFIGURATION = Map.of("model", "m", "seed", 7);
  private static final Map<String, Object> VALUE =
      Map.of("text", "é 😀", "numbers", List.of(1, 2.5));

  @TempDir Path folder;

  private static Journal open(Path file) {
    return Journal.open(file, CONFIGURATION, DuplicatePolicy.REPLACE, SyncPolicy.ON_CLOSE);
  }

  private List<byte[]> valid() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int entries = 0; entries < 4; entries++) {
      Path file = folder.resolve("valid" + entries);
      try (Journal journal = open(file)) {
        for (int i = 0; i < entries; i++) {
          journal.put(PlainJson.key(i), VALUE);
        }
      }
      files.add(Files.readAllBytes(file));
    }
    return files;
  }

  /** Opening takes buffers, reading an entry a block; a line is held as bytes, text and values. */
  private Fuzzing fuzzing() throws IOException {
    return new Fuzzing(
        folder.resolve("journal.jsonl"),
        valid(),
        List.of(),
        8 << 20,
        100,
        20,
        JournalFuzzTest::use);
  }

  private static void use(Path file) {
    try (Journal journal = open(file)) {
      AtomicInteger seen = new AtomicInteger();
      journal.forEach(
          entry -> {
            seen.incrementAndGet();
            assertThat(entry.value()).isEqualTo(journal.get(entry.key()).orElseThrow());
            assertThat(PlainJson.write(entry.value())).isEqualTo(PlainJson.write(VALUE));
          });
      assertThat(seen.get()).isEqualTo(journal.size());
      journal.put(PlainJson.key("new"), VALUE);
    }
    try (Journal journal = open(file)) {
      assertThat(journal.contains(PlainJson.key("new"))).isTrue();
    }
  }

  private static void check(Fuzzing.Outcome outcome) {
    assertThat(outcome.loaded()).as("inputs that were still valid").isPositive();
    assertThat(outcome.refused()).as("inputs that were refused").isPositive();
  }

  @Test
  void hundreds() throws IOException {
    check(fuzzing().few());
  }

  @Tag("slow")
  @Test
  void hundredThousands() throws IOException {
    check(fuzzing().many());
  }
}
