package org.alignment4j.rlhf.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.report.Report;
import org.alignment4j.core.report.Section;
import org.junit.jupiter.api.Test;

/** Agreement between reward models, and the report of diagnostics. */
class RewardAgreementTest {

  private static final CancellationToken NONE = CancellationToken.none();

  private static Comparison comparison(String prompt, String first, String second) {
    return new Comparison(Prompt.text(prompt), first, second);
  }

  private static final Map<String, Scoring> MODELS =
      ImmutableMap.of(
          "number", Scoring.numbers("number"),
          "reversed", new Scoring("reversed", t -> -Double.parseDouble(t)),
          "coarse", new Scoring("coarse", t -> Math.floor(Double.parseDouble(t) / 10)));

  @Test
  void pairsRankedAlikeAreCounted() {
    RewardAgreement agreement =
        RewardAgreement.of(
            MODELS,
            List.of(
                comparison("x", "1", "20"),
                comparison("x", "1", "2"), // coarse: tie
                comparison("y", "30", "2"),
                comparison("z", "4", "4")), // tie for all
            NONE);
    assertThat(agreement.names()).containsExactly("number", "reversed", "coarse");
    assertThat(agreement.between("number", "reversed").value()).isEqualTo(0.25);
    assertThat(agreement.between("number", "coarse").value()).isCloseTo(3.5 / 4, within(1e-12));
    assertThat(agreement.between("reversed", "coarse").value()).isCloseTo(1.5 / 4, within(1e-12));
    Estimate one = agreement.between("number", "coarse");
    assertThat(one.n()).isEqualTo(4);
    assertThat(one.clusters()).isEqualTo(3);
    assertThat(one.ciLow()).isBetween(0.0, one.value());
    assertThat(one.ciHigh()).isBetween(one.value(), 1.0);
  }

  @Test
  void theMatrixIsSymmetricWithAUnitDiagonal() {
    Random random = new Random(4);
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      comparisons.add(comparison("p" + i % 7, "" + random.nextInt(40), "" + random.nextInt(40)));
    }
    RewardAgreement agreement = RewardAgreement.of(MODELS, comparisons, NONE);
    for (String a : agreement.names()) {
      assertThat(agreement.between(a, a).value()).isEqualTo(1);
      for (String b : agreement.names()) {
        assertThat(agreement.between(a, b)).isEqualTo(agreement.between(b, a));
      }
    }
    assertThat(agreement.between("number", "coarse").value()).isGreaterThan(0.8);
  }

  @Test
  void tooLittleToCompareIsRefused() {
    assertThatThrownBy(() -> RewardAgreement.of(MODELS, List.of(), NONE))
        .hasMessage(
            "agreement must be of at least two models and one comparison but is of 3 and 0");
    assertThatThrownBy(
            () ->
                RewardAgreement.of(
                    Map.of("one", Scoring.numbers("n")), List.of(comparison("x", "1", "2")), NONE))
        .hasMessageContaining("is of 1 and 1");
    RewardAgreement agreement =
        RewardAgreement.of(MODELS, List.of(comparison("x", "1", "2")), NONE);
    assertThatThrownBy(() -> agreement.between("number", "other"))
        .hasMessageContaining("but was 'other'");
    assertThatThrownBy(() -> new RewardAgreement(List.of("a"), List.of()))
        .hasMessageContaining("a row and a column for each of [a]");
  }

  @Test
  void aReportHasEveryFigure() {
    List<PreferencePair> pairs = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < 40; i++) {
      int a = random.nextInt(100);
      int b = random.nextInt(100);
      pairs.add(new PreferencePair(Prompt.text("p" + i), "" + Math.max(a, b), "" + Math.min(a, b)));
    }
    RewardEvaluator sliced =
        RewardEvaluator.create().slice("length", p -> p.chosen().length() > 1 ? "two" : "one");
    RewardEvaluation good = sliced.evaluate(Scoring.numbers("n"), pairs);
    RewardEvaluation plain = RewardEvaluator.create().evaluate(MODELS.get("coarse"), pairs);
    List<Section> sections =
        RewardSections.of(ImmutableMap.of("good <model>", good, "coarse", plain));
    assertThat(sections.stream().map(Section::heading))
        .containsExactly(
            "Reward models on held-out preferences",
            "Accuracy and calibration",
            "Accuracy by length",
            "");
    RewardAgreement agreement =
        RewardAgreement.of(
            MODELS,
            pairs.stream().map(p -> new Comparison(p.prompt(), p.chosen(), p.rejected())).toList(),
            NONE);
    Report.Builder report = Report.builder("Rewards");
    sections.forEach(report::add);
    String html = report.add(RewardSections.of(agreement)).build().html();
    assertThat(html)
        .contains("good &lt;model&gt;")
        .doesNotContain("good <model>")
        .contains("Agreement between reward models")
        .contains("<svg")
        .contains("Accuracy by length");
    Section.Tabular table = (Section.Tabular) sections.get(0);
    assertThat(table.table().rows().get(0).get(1).main())
        .isEqualTo(String.format(Locale.ROOT, "%.1f %%", 100 * good.accuracy().value()));
    assertThat(table.table().rows().get(1).get(9).main())
        .isEqualTo(String.format(Locale.ROOT, "%.3f", plain.reliability().expectedError()));
    assertThat(table.table().rows().get(1).get(9).aside())
        .contains(String.format(Locale.ROOT, "%.3f", plain.calibrationError().ciLow()))
        .contains(String.format(Locale.ROOT, "%.3f", plain.calibrationError().ciHigh()));
    Section.Tabular slices = (Section.Tabular) sections.get(2);
    assertThat(slices.table().rows().get(0).get(2).main()).as("not sliced").isEqualTo("–");
    assertThatThrownBy(() -> RewardSections.of(Map.of()))
        .hasMessage("evaluations must be at least one but there are none");
  }
}
