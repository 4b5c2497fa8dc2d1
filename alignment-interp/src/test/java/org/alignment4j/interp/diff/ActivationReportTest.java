package org.alignment4j.interp.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.interp.RandomModels;
import org.alignment4j.interp.activation.ActivationSite;
import org.alignment4j.interp.activation.TokenPositions;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

/** Pieces of reports on activations. */
class ActivationReportTest {

  @Test
  void piecesShowWhatChangedAndOnlyWhatIsSure() {
    CancellationToken none = CancellationToken.none();
    try (DecoderModel before = RandomModels.create("gpt2");
        DecoderModel after =
            before.edit(
                "transformer.h.2.mlp.c_fc.bias",
                values -> {
                  values[17] += 3;
                  return values;
                })) {
      ActivationDiff diff =
          new ActivationDiff(
              CircuitDiff.of(before, after),
              IntStream.range(0, 6).mapToObj(i -> RandomModels.tokens(3 + i, i)).toList(),
              TokenPositions.all(),
              Bootstrap.seeded(2));
      var neurons = ActivationReport.neurons(diff.neurons(none), 5);
      assertThat(neurons.table().rows()).hasSize(1);
      assertThat(neurons.table().rows().get(0).get(0).main()).isEqualTo("L2N17");
      assertThat(neurons.note()).startsWith("1 of 384");
      var heads = ActivationReport.heads(diff.heads(none));
      Chart.HeatMap map = (Chart.HeatMap) heads.charts().get(0);
      assertThat(map.rows()).containsExactly("L0", "L1", "L2");
      assertThat(map.columns()).containsExactly("H0", "H1", "H2", "H3");
      assertThat(map.values().get(2)).containsOnly(0.0);
      boolean[] positive = {true, false, true, false, true, false};
      var directions =
          ActivationReport.directions(
              diff.directions(List.of(ActivationSite.of(HookPoints.residPost(2))), positive, none));
      String html =
          Report.builder("activations")
              .add(ActivationReport.stream(diff.stream(none)))
              .add(heads)
              .add(neurons)
              .add(directions)
              .build()
              .html();
      assertThat(html).contains("blocks.2.hook_resid_post").contains("How far the stream moved");
    }
  }

  @Test
  void featuresAreOrderedBySizeOfTheirChange() {
    Estimate small = new Estimate(0.1, 0.01, 0.05, 0.15, 0.99, 9, 9, 0, 0);
    Estimate large = new Estimate(-0.4, 0.01, -0.5, -0.3, 0.99, 9, 9, 0, 0);
    Estimate unsure = new Estimate(0.6, 0.5, -0.1, 1, 0.99, 9, 9, 0, 0);
    var table =
        ActivationReport.features(
                List.of(
                    new FeatureChange(3, 0.1, 0.2, small, 0, 0),
                    new FeatureChange(4, 0.5, 0.1, large, 0, 0),
                    new FeatureChange(5, 0.1, 0.7, unsure, 0, 0)),
                5)
            .table();
    assertThat(table.rows()).extracting(row -> row.get(0).main()).containsExactly("4", "3");
  }
}
