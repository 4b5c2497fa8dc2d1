package org.alignment4j.core.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.files.Sha256;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists within the one object of a JSON file. */
class NestedListsTest {

  private static final String CONTENT =
      """
      {
        "version": {"of": ["x"]},
        "data": {
          "first": [{"t": "a"}, {"t": 1},
                    {"t": "b"}],
          "second": [{"t": "c"}]
        },
        "after": [[1], {}]
      }
      """;

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("a.json"), content);
  }

  private static List<String> texts(Path file, String list, ReadOptions options) {
    List<String> texts = new ArrayList<>();
    try (RowReader rows = RowReader.openList(file, list, options)) {
      rows.forEach(row -> row.string("t"), texts::add);
      assertThat(rows.<String>next(row -> row.string("t"))).isNull();
    }
    return texts;
  }

  @Test
  void readsTheListThatIsNamedAndHashesTheWholeFile() throws IOException {
    Path file = file(CONTENT);
    assertThat(texts(file, "data.second", ReadOptions.strict())).containsExactly("c");
    assertThat(texts(file, "data.first", ReadOptions.tolerant())).containsExactly("a", "b");
    try (RowReader rows = RowReader.openList(file, "data.second", ReadOptions.strict())) {
      rows.forEach(row -> row.string("t"), text -> {});
      var digest = Sha256.digest();
      digest.update(Files.readAllBytes(file));
      assertThat(rows.report().sha256()).contains(Sha256.hex(digest));
    }
  }

  @Test
  void faultsNameTheLine() throws IOException {
    Path file = file(CONTENT);
    assertThatThrownBy(() -> texts(file, "data.first", ReadOptions.strict()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("must be a string but was '1'")
        .hasMessageContaining("a.json, line 4, field 't'");
  }

  @Test
  void tellsWhetherAListIsThere() throws IOException {
    Path file = file(CONTENT);
    ReadOptions options = ReadOptions.strict();
    assertThat(RowReader.holdsList(file, "data.second", options)).isTrue();
    assertThat(RowReader.holdsList(file, "after", options)).isTrue();
    assertThat(RowReader.holdsList(file, "version.of.x", options)).isFalse();
    assertThat(RowReader.holdsList(file, "data.third", options)).isFalse();
    assertThat(RowReader.holdsList(file, "data", options)).isFalse();
    assertThat(RowReader.holdsList(file("[{}]"), "data", options)).isFalse();
    assertThat(RowReader.holdsList(file(""), "data", options)).isFalse();
    assertThatThrownBy(() -> texts(file(CONTENT), "data.third", options))
        .hasMessageContaining("must hold a list at 'data.third' but does not");
  }

  @Test
  void aFileCutAfterTheListIsAnError() throws IOException {
    Path cut = file(CONTENT.substring(0, CONTENT.indexOf("after")));
    assertThatThrownBy(() -> texts(cut, "data.second", ReadOptions.tolerant()))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("a.json");
  }
}
