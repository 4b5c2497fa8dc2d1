package org.alignment4j.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;

class JournalProperties {

  private static final Map<String, Object> CONFIGURATION = Map.of("model", "m", "seed", 7);

  @Property(tries = 60)
  void aFileCutAtAnyByteOpensAndLosesAtMostTheEntryInFlight(
      @ForAll @Size(min = 1, max = 6) List<@StringLength(max = 30) String> values,
      @ForAll @IntRange(min = 0, max = 1_000_000) int where)
      throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      Path whole = folder.resolve("whole.jsonl");
      long[] ends = write(whole, values);
      byte[] bytes = Files.readAllBytes(whole);
      int cut = where % (bytes.length + 1);
      Path torn = folder.resolve("torn.jsonl");
      Files.write(torn, Arrays.copyOf(bytes, cut));
      int kept = 0;
      while (kept < values.size() && ends[kept] <= cut) {
        kept++;
      }
      try (Journal journal = open(torn)) {
        assertThat(journal.size()).isEqualTo(kept);
        for (int i = 0; i < values.size(); i++) {
          assertThat(journal.get(key(i)).isPresent()).isEqualTo(i < kept);
          journal.put(key(i), Map.of("text", values.get(i)));
        }
      }
      // The work that was lost is done again, and the file is what it would have been.
      assertThat(torn).hasSameBinaryContentAs(whole);
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 80)
  void aChangedByteBeforeTheLastLineFeedIsNeverTakenForAnEntry(
      @ForAll @Size(min = 2, max = 5) List<@StringLength(max = 20) String> values,
      @ForAll @IntRange(min = 0, max = 1_000_000) int where,
      @ForAll @IntRange(min = 1, max = 255) int flip)
      throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      Path path = folder.resolve("damaged.jsonl");
      write(path, values);
      byte[] bytes = Files.readAllBytes(path);
      int header = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('\n');
      int at = header + 1 + where % (bytes.length - header - 2);
      bytes[at] ^= (byte) flip;
      Files.write(path, bytes);
      long line = 1;
      for (int i = 0; i < at; i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      long expected = line;
      assertThatThrownBy(() -> open(path).close())
          .isInstanceOfSatisfying(
              DataFormatException.class,
              e -> {
                assertThat(e.line()).hasValue(expected);
                assertThat(e.file()).isEqualTo(path.toString());
                assertThat(e).hasMessageContaining("restore it");
              });
      assertThat(path).binaryContent().isEqualTo(bytes);
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 60)
  void aHeaderOfArbitraryTextIsRefusedAndTheFileLeftAlone(
      @ForAll @StringLength(min = 1) String text) throws IOException {
    Path folder = Files.createTempDirectory("journal");
    try {
      Path path = folder.resolve("other.txt");
      Files.writeString(path, "x" + text.replaceAll("[\ud800-\udfff]", ""));
      byte[] before = Files.readAllBytes(path);
      assertThatThrownBy(() -> open(path).close())
          .isInstanceOf(AlignmentException.class)
          .hasMessageContaining("other.txt");
      assertThat(path).binaryContent().isEqualTo(before);
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 20)
  void theIndexFindsWhatAMapFinds(
      @ForAll @Size(max = 400) List<@IntRange(min = 0, max = 300) Integer> keys) {
    KeyIndex index = new KeyIndex();
    Map<ContentHash, Long> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      index.put(key(keys.get(i)), i);
      map.put(key(keys.get(i)), (long) i);
    }
    assertThat(index.size()).isEqualTo(map.size());
    for (int i = 0; i <= 300; i++) {
      assertThat(index.get(key(i))).isEqualTo(map.getOrDefault(key(i), KeyIndex.ABSENT));
    }
  }

  private static Journal open(Path path) {
    return Journal.open(path, CONFIGURATION, DuplicatePolicy.KEEP_FIRST, SyncPolicy.ON_CLOSE);
  }

  /** Writes the entries and returns where each ends, its line feed included. */
  private static long[] write(Path path, List<String> values) throws IOException {
    long[] ends = new long[values.size()];
    try (Journal journal = open(path)) {
      for (int i = 0; i < ends.length; i++) {
        journal.put(key(i), Map.of("text", values.get(i)));
        ends[i] = Files.size(path);
      }
    }
    return ends;
  }

  private static ContentHash key(int i) {
    return PlainJson.key(Map.of("item", i));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
