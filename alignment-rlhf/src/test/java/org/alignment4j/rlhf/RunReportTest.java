package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.report.Chart;
import org.alignment4j.core.report.Section;
import org.alignment4j.runtime.train.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page of a run. */
class RunReportTest extends PocketTraining {

  @Test
  void theRunIsDrawn(@TempDir Path folder) throws Exception {
    preferences()
        .runFolder(folder)
        .evaluate(Evaluation.ofModel("held-out", 2, MonitoringTest::preference).atStart())
        .evaluate(Evaluation.ofModel("other", 4, model -> Map.of("loss", 1.0)))
        .logSamples(SampleLog.of(MonitoringTest.PROMPTS, SamplingOptions.greedy(3), 8))
        .train(pairs())
        .model()
        .close();
    Path page = RunReport.write(folder);
    assertThat(page).isEqualTo(folder.resolve("report.html"));
    String html = Files.readString(page);
    assertThat(html)
        .contains("8 steps", "rewards/chosen", "rewards/rejected", "grad_norm")
        .contains("eval/held-out/loss", "eval/other/loss", "Evaluations", "Samples", "step 8")
        .contains("&quot;big&quot;");
    assertThat(RunReport.of(folder).sections())
        .extracting(s -> s.heading())
        .containsExactly(
            "Loss", "Rewards", "Lengths", "Evaluations", "Optimisation", "Other", "Samples");
    assertThat(RunReport.of(folder).sections().get(2))
        .isInstanceOfSatisfying(
            Section.Charts.class,
            lengths ->
                assertThat(lengths.charts())
                    .singleElement()
                    .isInstanceOfSatisfying(
                        Chart.Lines.class,
                        chart ->
                            assertThat(chart.series())
                                .extracting(Chart.Series::name)
                                .containsExactly("lengths/chosen", "lengths/rejected")));
    assertThat(RunFolder.readMetrics(folder)).hasSize(9);
  }

  @ParameterizedTest
  @CsvSource({
    "loss,Loss",
    "loss/last,Loss",
    "nll_loss,Loss",
    "value_loss,Loss",
    "cost_value_loss,Loss",
    "reward,Rewards",
    "rewards/a/mean,Rewards",
    "selected/reward,Rewards",
    "cost,Rewards",
    "costs/accuracies,Rewards",
    "objective/scores,Rewards",
    "objective/scores_margin,Rewards",
    "objective/rlhf_reward,Rewards",
    "objective/non_score_reward,Rewards",
    "kl,Divergence",
    "kl_coefficient,Divergence",
    "objective/kl,Divergence",
    "lengths/chosen,Lengths",
    "completions/mean_length,Lengths",
    "selected/mean_length,Lengths",
    "eval/held-out/loss,Evaluations",
    "grad_norm,Optimisation",
    "learning_rate,Optimisation",
    "lambda,Other",
    "cost_value_mean,Other",
    "selected/share,Other",
    "entropy,Other"
  })
  void metricsHaveTheirSections(String metric, String section) {
    assertThat(RunReport.heading(metric)).isEqualTo(section);
  }
}
