package org.alignment4j.interp.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.IntFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Where heads look, and the page that shows it. */
final class AttentionPatternsTest {

  private static final TokenIds TOKENS = TokenIds.of(3, 1, 4, 1, 5);
  private static final IntFunction<String> SPELLING = id -> id == 4 ? "<\n" : "w" + id;

  private AttentionPatterns read(DecoderModel model) {
    return AttentionPatterns.of(model, TOKENS, CancellationToken.none());
  }

  @Test
  void patternsAreThoseOfTheForwardPass() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      AttentionPatterns patterns = read(model);
      for (int layer = 0; layer < 3; layer++) {
        Values expected =
            model
                .forward(List.of(TOKENS))
                .cache(HookPoints.pattern(layer))
                .execute()
                .cache()
                .values(HookPoints.pattern(layer));
        for (int head = 0; head < 4; head++) {
          Matrix pattern = patterns.of(new HeadId(layer, head));
          for (int q = 0; q < 5; q++) {
            double sum = 0;
            for (int k = 0; k < 5; k++) {
              assertThat(pattern.get(q, k)).isEqualTo(expected.get(0, head, q, k));
              sum += pattern.get(q, k);
            }
            assertThat(sum).isCloseTo(1, within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void everyHeadHasAPictureAndItsStrongestKeys() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      AttentionPatterns patterns = read(model);

      Section.Tabs browser = patterns.browser(SPELLING);

      assertThat(browser.columns()).isEqualTo(4);
      assertThat(browser.tabs()).hasSize(12);
      Section.Tab tab = browser.tabs().get(6);
      assertThat(tab.label()).isEqualTo(new HeadId(1, 2).toString());
      assertThat(tab.picture().orElseThrow().values().get(2))
          .startsWith(patterns.of(new HeadId(1, 2)).get(2, 0))
          .endsWith(Double.NaN);
      assertThat(tab.sections()).hasSize(2);
      Section.Tabular keys = (Section.Tabular) tab.sections().get(1);
      assertThat(keys.table().rows().get(0))
          .isEqualTo(List.of(Cell.text("0 w3"), Cell.text("0 w3 100 %")));
      double[] weights = patterns.of(new HeadId(1, 2)).rowValues(4);
      int best = 0;
      for (int k = 0; k < 5; k++) {
        best = weights[k] > weights[best] ? k : best;
      }
      assertThat(keys.table().rows().get(4).get(1).main())
          .startsWith(
              best
                  + " "
                  + SPELLING.apply(TOKENS.get(best)).replace("\n", "↵")
                  + " "
                  + Math.round(100 * weights[best])
                  + " %, ");
      String html = Report.builder("r").add(browser).build().html();
      assertThat(html).contains("2 &lt;↵").doesNotContain("<\n<");
    }
  }

  @Test
  void onlySoManyCellsAreDrawnBeginningWithTheHeadsNamed() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      HeadId wanted = new HeadId(2, 3);

      Section.Tabs browser = read(model).browser(SPELLING, List.of(wanted), 2 * 25 + 24);

      assertThat(
              browser.tabs().stream()
                  .filter(tab -> tab.sections().size() == 2)
                  .map(Section.Tab::label))
          .containsExactly(new HeadId(0, 0).toString(), wanted.toString());
    }
  }

  @Test
  void refusesHeadsThatAreNotThere() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      AttentionPatterns patterns = read(model);
      assertThatThrownBy(() -> patterns.of(new HeadId(0, 4)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one of 3 layers of 4 heads but was " + new HeadId(0, 4));
      assertThatThrownBy(() -> patterns.browser(SPELLING, List.of(new HeadId(3, 0)), 10))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> patterns.browser(SPELLING, List.of(), -1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cells must not be negative but was -1");
    }
  }
}
