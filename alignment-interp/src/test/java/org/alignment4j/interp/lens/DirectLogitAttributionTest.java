package org.alignment4j.interp.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.lens.ResidualStream.Granularity;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributions sum to the logits, and each is what its part adds at the norm's scale. */
class DirectLogitAttributionTest {

  private static final List<TokenIds> SEQUENCES =
      List.of(RandomModels.tokens(7, 1), RandomModels.tokens(4, 2));

  @ParameterizedTest
  @MethodSource("org.alignment4j.interp.RandomModels#additive")
  void attributionsAndConstantSumToTheLogitsBeforeACap(String name) {
    try (DecoderModel model = RandomModels.create(name)) {
      LogitMetric metric = LogitMetric.logitDifference(5, 17);
      Values logits =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.unembedOut())
              .execute()
              .cache()
              .values(HookPoints.unembedOut());
      for (Granularity granularity : Granularity.values()) {
        DirectLogitAttribution attribution =
            DirectLogitAttribution.of(model, SEQUENCES, metric, granularity);
        for (int row = 0; row < 2; row++) {
          int last = SEQUENCES.get(row).size() - 1;
          assertThat(attribution.total(row))
              .as("%s, row %d", granularity, row)
              .isCloseTo(logits.get(row, last, 5) - logits.get(row, last, 17), within(1e-4));
        }
      }
    }
  }

  @Test
  void barsAreTheStrongestPartsInTheirOrderAndTheConstant() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      DirectLogitAttribution attribution =
          DirectLogitAttribution.of(
              model, SEQUENCES, LogitMetric.logitDifference(5, 17), Granularity.HEADS);
      double[] values = attribution.values().get(1);
      double third =
          Arrays.stream(values).map(v -> -Math.abs(v)).sorted().skip(2).findFirst().getAsDouble();
      List<String> labels = new ArrayList<>();
      List<Double> heights = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        if (Math.abs(values[i]) >= -third) {
          labels.add(attribution.labels().get(i));
          heights.add(values[i]);
        }
      }
      labels.add("constant");
      heights.add(attribution.constants()[1]);

      Section.Charts section = attribution.section(1, 3);

      Chart.Bars bars = (Chart.Bars) section.charts().get(0);
      assertThat(bars.groups()).isEqualTo(labels);
      assertThat(bars.bars().get(0).estimates().stream().map(Estimate::value).toList())
          .isEqualTo(heights);
      assertThat(section.note())
          .contains(String.format(Locale.ROOT, "sum to %.4f", attribution.total(1)))
          .contains("the 3 strongest of " + values.length + " parts");
      assertThat(attribution.section(0, 100).note()).doesNotContain("strongest");
      assertThatThrownBy(() -> attribution.section(0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bars must be positive but was 0");
    }
  }

  @Test
  void eachIsWhatTakingThePartAwayAtAFixedScaleTakesAway() {
    try (DecoderModel model = RandomModels.create("gpt2")) {
      LogitMetric metric = LogitMetric.logitDifference(5, 17);
      DirectLogitAttribution attribution =
          DirectLogitAttribution.of(model, SEQUENCES, metric, Granularity.HEADS);
      Values normalised =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.lnFinal())
              .execute()
              .cache()
              .values(HookPoints.lnFinal());
      ResidualStream stream = ResidualStream.of(model, SEQUENCES, Granularity.HEADS);
      Values scale =
          model
              .forward(SEQUENCES)
              .cache(HookPoints.lnFinalScale())
              .execute()
              .cache()
              .values(HookPoints.lnFinalScale());
      double[] whole = model.forward(SEQUENCES).measure(metric).metric();
      for (int part = 0; part < stream.parts().size(); part += 3) {
        Values own = stream.parts().get(part).values();
        float[] without = normalised.toArray();
        for (int row = 0; row < 2; row++) {
          for (int p = 0; p < 7; p++) {
            double mean = 0;
            for (int c = 0; c < 32; c++) {
              mean += own.get(row, p, c) / 32;
            }
            for (int c = 0; c < 32; c++) {
              without[(row * 7 + p) * 32 + c] -=
                  (float) ((own.get(row, p, c) - mean) / scale.get(row, p, 0));
            }
          }
        }
        double[] less =
            model
                .forward(SEQUENCES)
                .with(Edits.replace(HookPoints.lnFinal(), Values.of(normalised.shape(), without)))
                .measure(metric)
                .metric();
        for (int row = 0; row < 2; row++) {
          assertThat(attribution.values().get(row)[part])
              .as(attribution.labels().get(part))
              .isCloseTo(whole[row] - less[row], within(1e-4));
        }
      }
    }
  }

  @Test
  void tokensTheOtherWayRoundGiveTheOppositeSign() {
    try (DecoderModel model = RandomModels.create("llama")) {
      DirectLogitAttribution one =
          DirectLogitAttribution.of(
              model, SEQUENCES, LogitMetric.logitDifference(5, 17), Granularity.LAYERS);
      DirectLogitAttribution other =
          DirectLogitAttribution.of(
              model, SEQUENCES, LogitMetric.logitDifference(17, 5), Granularity.LAYERS);
      for (int i = 0; i < one.labels().size(); i++) {
        assertThat(one.values().get(0)[i]).isCloseTo(-other.values().get(0)[i], within(1e-6));
      }
    }
  }

  @Test
  void refusesWhatIsNotLinear() {
    try (DecoderModel model = RandomModels.create("llama")) {
      assertThatThrownBy(
              () ->
                  DirectLogitAttribution.of(
                      model, SEQUENCES, LogitMetric.probability(5), Granularity.LAYERS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("PROBABILITIES");
    }
  }
}
