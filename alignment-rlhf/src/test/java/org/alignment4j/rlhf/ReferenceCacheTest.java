package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.rlhf.data.SequenceLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which kept log-probabilities a run may use. */
class ReferenceCacheTest {

  private static final SequenceLimits LIMITS = SequenceLimits.of(64);

  @TempDir Path folder;

  private static PreferenceExample example(int chosen, double probability) {
    return new PreferenceExample(
        0, TokenIds.of(1, 2), TokenIds.of(chosen), TokenIds.of(9), probability);
  }

  private static final List<PreferenceExample> EXAMPLES = List.of(example(3, 1));

  private ReferenceCache cache(
      String model, List<PreferenceExample> examples, SequenceLimits limits) {
    return ReferenceCache.of(folder, model, examples, limits);
  }

  @Test
  void onlyTheSameReferenceAndDataAreRead() {
    assertThat(cache("a", EXAMPLES, LIMITS).read()).isEmpty();
    cache("a", EXAMPLES, LIMITS)
        .write(
            new AnswerLogProbs(
                new double[] {-1.25},
                new double[] {-7.5e-9},
                new double[] {-1},
                new double[] {-5e-9}));

    AnswerLogProbs kept = cache("a", EXAMPLES, LIMITS).read().orElseThrow();
    assertThat(kept.chosen()).containsExactly(-1.25);
    assertThat(kept.rejected()).containsExactly(-7.5e-9);
    assertThat(kept.sharedChosen()).containsExactly(-1);
    assertThat(kept.sharedRejected()).containsExactly(-5e-9);
    assertThat(cache("b", EXAMPLES, LIMITS).read()).isEmpty();
    assertThat(cache("a", List.of(example(4, 1)), LIMITS).read()).isEmpty();
    assertThat(cache("a", List.of(example(3, 0.5)), LIMITS).read()).isEmpty();
    assertThat(cache("a", EXAMPLES, SequenceLimits.of(65)).read()).isEmpty();
  }

  private static AnswerLogProbs logProbs(double chosen, double rejected) {
    double[] c = {chosen};
    double[] r = {rejected};
    return new AnswerLogProbs(c, r, c, r);
  }

  @Test
  void anotherReferenceIsComputedAgainAndReplacesTheFile() {
    AnswerLogProbs first = logProbs(-1, -2);
    AnswerLogProbs second = logProbs(-3, -4);
    assertThat(cache("a", EXAMPLES, LIMITS).readOrWrite(() -> first)).isSameAs(first);
    assertThat(cache("a", EXAMPLES, LIMITS).readOrWrite(() -> second).chosen()).containsExactly(-1);
    assertThat(cache("b", EXAMPLES, LIMITS).readOrWrite(() -> second)).isSameAs(second);
    assertThat(cache("a", EXAMPLES, LIMITS).read()).isEmpty();
  }

  @Test
  void aFileOfTooFewNumbersIsReplaced() throws IOException {
    cache("a", EXAMPLES, LIMITS).write(logProbs(-1, -2));
    Path file = folder.resolve(ReferenceCache.FILE);
    Files.writeString(
        file, Files.readString(file).replace("\"sharedChosen\":[-1.0]", "\"sharedChosen\":[]"));
    assertThat(Files.readString(file)).contains("\"sharedChosen\":[]");
    assertThat(cache("a", EXAMPLES, LIMITS).read()).isEmpty();
    for (String text : List.of("[\"?\"]", "[null]")) {
      cache("a", EXAMPLES, LIMITS).write(logProbs(-1, -2));
      Files.writeString(
          file, Files.readString(file).replace("\"chosen\":[-1.0]", "\"chosen\":" + text));
      assertThat(Files.readString(file)).contains("\"chosen\":" + text);
      assertThat(cache("a", EXAMPLES, LIMITS).read()).isEmpty();
    }
  }

  @Test
  void aFileOfAnOlderVersionIsReplaced() throws IOException {
    cache("a", EXAMPLES, LIMITS).write(logProbs(-1, -2));
    Path file = folder.resolve(ReferenceCache.FILE);
    Files.writeString(file, Files.readString(file).replace("\"version\":2", "\"version\":1"));
    assertThat(cache("a", EXAMPLES, LIMITS).read()).isEmpty();
    Files.writeString(file, Files.readString(file).replace("\"version\":1", "\"version\":3"));
    assertThatThrownBy(() -> cache("a", EXAMPLES, LIMITS).read())
        .isInstanceOf(RunFolderException.class)
        .hasMessageContaining("up to version 2 but has version 3");
  }
}
