package org.alignment4j.oversight.constitution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstitutionTest {
  private static final String HARM =
      "{\"id\":\"harm\",\"critique\":\"c\",\"revision\":\"r\",\"comparison\":\"k\"}\n";

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("own.jsonl"), text);
  }

  @Test
  void bundledPrinciplesServeBothPurposes() {
    Constitution constitution = Constitution.bundled();
    assertThat(constitution.principles()).hasSizeGreaterThanOrEqualTo(8);
    assertThat(constitution.forRevision()).isEqualTo(constitution.principles());
    assertThat(constitution.forComparison()).isEqualTo(constitution.principles());
  }

  @Test
  void readsPrinciplesOfEitherPurpose() throws IOException {
    Constitution constitution =
        Constitution.read(
            file(
                HARM
                    + "{\"id\":\"kind\",\"comparison\":\"the kinder one\"}\n"
                    + "{\"id\":\"true\",\"critique\":\"c\",\"revision\":\"r\",\"comparison\":null}\n"));
    assertThat(constitution.forRevision())
        .extracting(Principle::id)
        .containsExactly("harm", "true");
    assertThat(constitution.forComparison())
        .extracting(Principle::id)
        .containsExactly("harm", "kind");
    assertThat(constitution.only(p -> p.id().equals("kind")).principles()).hasSize(1);
  }

  @Test
  void faultsNameFileLineAndField() throws IOException {
    assertFault(HARM + HARM, "line 2", "field 'id'", "'harm' names two");
    assertFault(
        HARM + "{\"id\":\"a\",\"critique\":\"c\"}\n",
        "line 2",
        "field 'revision'",
        "both critique");
    assertFault(
        HARM + "{\"id\":\"a\",\"revision\":\"c\"}\n",
        "line 2",
        "field 'critique'",
        "both critique");
    assertFault("{\"id\":\"a\"}\n", "line 1", "field 'comparison'", "has none of them");
    assertFault("{\"comparison\":\"a\"}\n", "line 1", "field 'id'", "required");
    assertFault("{\"id\":\" \",\"comparison\":\"a\"}\n", "line 1", "field 'id'", "not be empty");
    assertFault("{\"id\":\"a\",\"comparison\":7}\n", "line 1", "field 'comparison'", "a string");
    assertFault(
        "{\"id\":\"a\",\"comparision\":\"x\"}\n", "line 1", "field 'comparision'", "not this one");
    assertFault("\n", "own.jsonl", "at least one principle");
  }

  private void assertFault(String text, String... parts) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> Constitution.read(file))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("own.jsonl")
        .hasMessageContainingAll(parts);
  }

  @Test
  void principlesInCodeAreCheckedToo() {
    assertThatThrownBy(() -> new Principle("a", "c", "", ""))
        .hasMessageContaining("'a'")
        .hasMessageContaining("both");
    assertThatThrownBy(() -> new Principle("a", "", "", "")).hasMessageContaining("all three");
    assertThatThrownBy(() -> new Principle(" ", "", "", "k")).hasMessageContaining("blank");
    Principle one = new Principle("a", "", "", "k");
    assertThatThrownBy(() -> new Constitution(List.of(one, one))).hasMessageContaining("'a'");
    assertThatThrownBy(() -> new Constitution(List.of())).hasMessageContaining("at least one");
  }

  @Test
  void drawsAreUniformAndWithoutReplacement() {
    List<Principle> principles = Constitution.bundled().principles();
    int[] counts = new int[principles.size()];
    int draws = 8000;
    for (int seed = 0; seed < draws; seed++) {
      List<Principle> drawn = Constitution.draw(principles, 3, seed, "principle", 0);
      assertThat(new HashSet<>(drawn)).hasSize(3);
      counts[principles.indexOf(drawn.get(0))]++;
    }
    double expected = (double) draws / counts.length;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - expected) * (count - expected) / expected;
    }
    // The 0.999 quantile of chi-square with 7 degrees of freedom.
    assertThat(chiSquare).isLessThan(24.3);
    assertThat(Constitution.draw(principles, 99, 1, "principle", 0))
        .hasSameElementsAs(Set.copyOf(principles));
  }
}
