package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Pages of neurons against every text read on its own. */
final class NeuronPagesTest {

  private static final int LAYER = 1;

  private static List<TokenIds> corpus() {
    Random random = new Random(5);
    List<TokenIds> texts = new ArrayList<>();
    for (int text = 0; text < 9; text++) {
      int[] ids = new int[4 + random.nextInt(20)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = i == 0 ? 0 : 1 + random.nextInt(RandomModels.VOCABULARY - 1);
      }
      texts.add(TokenIds.of(ids));
    }
    return texts;
  }

  private static NeuronPages pages(int texts) {
    return new NeuronPages(new CorpusScan(4), texts, 6, 3, 2, Set.of(0));
  }

  @Test
  void aPageTellsWhatTheNeuronDidOverTheCorpus() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      List<TokenIds> corpus = corpus();
      NeuronPage page =
          pages(2).of(model, LAYER, List.of(7, 3), corpus, CancellationToken.none()).get(1);

      double sum = 0;
      int tokens = 0;
      double best = Double.NEGATIVE_INFINITY;
      int text = -1;
      int place = -1;
      List<double[]> all = new ArrayList<>();
      for (int t = 0; t < corpus.size(); t++) {
        Values values =
            model
                .forward(List.of(corpus.get(t)))
                .cache(HookPoints.mlpPost(LAYER))
                .execute()
                .cache()
                .values(HookPoints.mlpPost(LAYER));
        double[] own = new double[corpus.get(t).size()];
        for (int p = 0; p < own.length; p++) {
          own[p] = values.get(0, p, 3);
          if (p > 0) {
            sum += own[p];
            tokens++;
            if (own[p] > best) {
              best = own[p];
              text = t;
              place = p;
            }
          }
        }
        all.add(own);
      }

      assertThat(page.name()).isEqualTo("L1N3");
      assertThat(page.summary().tokens()).isEqualTo(tokens);
      assertThat(page.summary().mean()).isCloseTo(sum / tokens, within(1e-5));
      assertThat(page.greatest()).hasSize(2);
      NeuronPage.Text top = page.greatest().get(0);
      assertThat(top.example().sequence()).isEqualTo(text);
      assertThat(top.example().position()).isEqualTo(place);
      assertThat(top.from()).isEqualTo(Math.max(0, place - 3));
      int to = Math.min(corpus.get(text).size(), place + 3);
      assertThat(top.activations().length()).isEqualTo(to - top.from());
      for (int i = 0; i < top.activations().length(); i++) {
        assertThat(top.activations().get(i)).isCloseTo(all.get(text)[top.from() + i], within(1e-5));
      }
      assertThat(page.least().get(0).example().activation())
          .isLessThan(page.greatest().get(0).example().activation());
      ValueVectors values = new ValueVectors(TransformerWeights.of(model), LAYER);
      assertThat(page.promoted()).isEqualTo(values.top(3, 6));
      double[] scores = values.staticScores(3);
      double least = Double.POSITIVE_INFINITY;
      for (double score : scores) {
        least = Math.min(least, score);
      }
      assertThat(page.suppressed().get(0).score()).isEqualTo(least);
    }
  }

  @Test
  void aPageIsASectionOfAReport() {
    try (DecoderModel model = RandomModels.create("llama")) {
      NeuronPage page =
          pages(3).of(model, LAYER, List.of(0), corpus(), CancellationToken.none()).get(0);
      List<Section> sections = page.sections(id -> "<w" + id + ">");
      Report.Builder report = Report.builder("r");
      sections.forEach(report::add);
      String html = report.build().html();
      assertThat(html).contains("Neuron L1N0").contains("99.9 %").contains("«&lt;w");
      assertThat(html).doesNotContain("<w");
      assertThat(sections).hasSize(4);
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      CancellationToken go = CancellationToken.none();
      int width = new ValueVectors(TransformerWeights.of(model), 0).count();
      assertThatThrownBy(() -> pages(1).of(model, 0, List.of(width), corpus(), go))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("neuron must be from 0 to " + (width - 1) + " but was " + width);
      assertThatThrownBy(() -> pages(1).of(model, 3, List.of(0), corpus(), go))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> pages(1).of(model, 0, List.of(0), List.of(TokenIds.of(0, 0)), go))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("must show a token that is not ignored");
      assertThatThrownBy(() -> pages(0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("texts must be positive but was 0");
    }
  }
}
