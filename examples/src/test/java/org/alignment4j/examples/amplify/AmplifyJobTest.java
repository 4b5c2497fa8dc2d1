package org.alignment4j.examples.amplify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.alignment4j.examples.world.BundledPocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AmplifyJobTest {
  @TempDir Path run;

  private static AmplifySettings small() {
    return new AmplifySettings(5, 4, 4, 8, 4, 1, 3e-4);
  }

  private AmplifyScores work(ByteArrayOutputStream shown) {
    return new AmplifyJob(run, small(), new PrintStream(shown, true, StandardCharsets.UTF_8)).run();
  }

  @Test
  void amplificationAnswersWhatTheModelCannotAtOnce() {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    AmplifyScores scores = work(shown);
    assertThat(scores.accuracy(AmplifyJob.AMPLIFIED, Compositions.NEW_PEOPLE).orElseThrow().value())
        .isEqualTo(1);
    assertThat(scores.accuracy(AmplifyJob.UNAIDED, Compositions.NEW_PEOPLE).orElseThrow().value())
        .isLessThan(0.6);
    assertThat(scores.accuracy(AmplifyJob.UNAIDED, Compositions.FACTS).orElseThrow().value())
        .isEqualTo(1);
    assertThat(scores.arms())
        .contains(
            AmplifyJob.DISTILLED,
            AmplifyJob.WITH_STEPS + AmplifyJob.SECOND,
            AmplifyJob.OWN,
            AmplifyJob.SHUFFLED);
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("share of the gain");
    assertThat(run.resolve("report.html")).exists();
    AmplifyScores again = work(new ByteArrayOutputStream());
    for (String arm : scores.arms()) {
      for (String group : scores.groups()) {
        assertThat(again.accuracy(arm, group)).isEqualTo(scores.accuracy(arm, group));
      }
    }
  }

  @Test
  void nothingAskedIsLearnt() {
    Compositions drawn = Compositions.draw(BundledPocket.world(), AmplifySettings.defaults(7));
    drawn
        .groups()
        .forEach(
            (group, asked) -> {
              assertThat(asked).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(60);
              assertThat(asked)
                  .extracting(Composed::text)
                  .doesNotContainAnyElementsOf(
                      drawn.twoSteps().stream().map(Composed::text).toList())
                  .doesNotContainAnyElementsOf(
                      drawn.comparisons().stream().map(Composed::text).toList());
            });
    assertThat(drawn.groups().get(Compositions.NEW_PEOPLE))
        .extracting(Composed::source)
        .doesNotContainAnyElementsOf(drawn.twoSteps().stream().map(Composed::source).toList());
    assertThat(drawn.comparisons()).hasSize(120);
    assertThat(drawn.comparisons().stream().filter(q -> q.right().test("Yes"))).hasSize(60);
  }

  @Test
  void tooManyPeopleAreNamed() {
    assertThatThrownBy(
            () ->
                Compositions.draw(
                    BundledPocket.world(), new AmplifySettings(1, 100, 100, 8, 4, 1, 1e-4)))
        .hasMessageContaining("at most 132 together");
  }
}
