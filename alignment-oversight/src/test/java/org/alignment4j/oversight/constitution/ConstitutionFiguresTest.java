package org.alignment4j.oversight.constitution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

class ConstitutionFiguresTest {

  private static RevisionStep step(boolean changed, boolean evasive) {
    return new RevisionStep("p", "c", "r", changed, evasive);
  }

  private static RevisionChain chain(RevisionChain.Ending ending, RevisionStep... steps) {
    return new RevisionChain(Prompt.text("q"), Optional.of("a"), List.of(steps), ending);
  }

  @Test
  void sharesOfChainsAreClustered() {
    List<RevisionChain> chains =
        List.of(
            chain(RevisionChain.Ending.COMPLETE, step(true, false), step(true, true)),
            chain(RevisionChain.Ending.NO_REVISION, step(false, false)),
            chain(RevisionChain.Ending.BUDGET, step(true, false)));
    Map<Metric, Estimate> figures = ConstitutionFigures.ofChains(chains);
    Estimate changed = figures.get(ConstitutionFigures.CHANGED);
    assertThat(changed.value()).isEqualTo(0.75);
    assertThat(changed.n()).isEqualTo(4);
    assertThat(changed.clusters()).isEqualTo(3);
    assertThat(figures.get(ConstitutionFigures.EVASIVE).value()).isEqualTo(0.25);
    assertThat(figures.get(ConstitutionFigures.STOPPED).value()).isEqualTo(0.5);
    assertThat(figures.get(ConstitutionFigures.STOPPED).n()).isEqualTo(2);
    assertThat(ConstitutionFigures.evasionByRevision(chains))
        .extracting(Estimate::value)
        .containsExactly(0.0, 1.0);
  }

  private static RevisionChain chain(String answer, String... critiquesAndRevisions) {
    List<RevisionStep> steps = new ArrayList<>();
    for (int i = 0; i < critiquesAndRevisions.length; i += 2) {
      steps.add(
          new RevisionStep(
              "p", critiquesAndRevisions[i], critiquesAndRevisions[i + 1], true, false));
    }
    return new RevisionChain(
        Prompt.text("q"), Optional.of(answer), steps, RevisionChain.Ending.COMPLETE);
  }

  @Test
  void repetitionIsCountedInRunsOfFourWords() {
    // Of the runs "one two three four", "two three four five", "three four five six":
    Map<Metric, Estimate> figures =
        ConstitutionFigures.ofChains(
            List.of(
                chain(
                    "Zero, one two THREE four!",
                    "Say two three four five rather.",
                    "One two three four five six",
                    "",
                    "One two three four five six."),
                chain("a b c d", "a b c d e", "Not four five six seven, one two three four"),
                chain("yes", "No, no.", "no", "!", "?")));
    Estimate critique = figures.get(ConstitutionFigures.REPEATS_CRITIQUE);
    assertThat(critique.value()).isCloseTo((1 / 3.0 + 0 + 1) / 3, within(1e-12));
    assertThat(critique.unscored()).isEqualTo(2);
    assertThat(critique.clusters()).isEqualTo(3);
    Estimate answer = figures.get(ConstitutionFigures.REPEATS_ANSWER);
    assertThat(answer.value()).isCloseTo((1 / 3.0 + 1 + 0 + 0) / 4, within(1e-12));
    assertThat(answer.unscored()).isEqualTo(1);
    Estimate stock = figures.get(ConstitutionFigures.STOCK_PHRASES);
    assertThat(stock.value()).isCloseTo((1 / 3.0 + 1 / 3.0 + 1 / 6.0 + 0) / 4, within(1e-12));
    assertThat(stock.unscored()).isEqualTo(1);
    Estimate alone =
        ConstitutionFigures.ofChains(List.of(chain("a", "b", "c d e f")))
            .get(ConstitutionFigures.STOCK_PHRASES);
    assertThat(alone.n()).isZero();
    assertThat(alone.unscored()).isEqualTo(1);
  }

  @Test
  void aShortTextIsSoughtInLongerOnes() {
    assertThat(Repetition.share("I cannot", "I cannot help with that")).hasValue(1);
    assertThat(
            Repetition.acrossGroups(
                List.of(
                    List.of("I cannot", "I will"), List.of("I cannot help with that"), List.of())))
        .containsExactly(
            List.of(OptionalDouble.of(1), OptionalDouble.of(0)),
            List.of(OptionalDouble.of(0)),
            List.of());
  }

  @Test
  void nothingIsNoFigure() {
    assertThat(ConstitutionFigures.ofChains(List.of()).values())
        .allMatch(estimate -> estimate.n() == 0 && Double.isNaN(estimate.value()));
  }

  @Test
  void agreementCountsTiesByHalfAndMissingAsUnscored() {
    Estimate agreement =
        ConstitutionFigures.agreement(
            List.of(
                OptionalDouble.of(0.9),
                OptionalDouble.of(0.2),
                OptionalDouble.of(0.5),
                OptionalDouble.empty(),
                OptionalDouble.of(0.7)),
            List.of(true, false, true, true, false));
    assertThat(agreement.value()).isCloseTo(2.5 / 4, within(1e-12));
    assertThat(agreement.n()).isEqualTo(4);
    assertThat(agreement.unscored()).isEqualTo(1);
    assertThat(ConstitutionFigures.AGREEMENT.chance()).hasValue(0.5);
    assertThatThrownBy(() -> ConstitutionFigures.agreement(List.of(), List.of(true)))
        .hasMessageContaining("one gold label");
  }

  @Test
  void ordersThatDisagreeAreCounted() {
    List<PairLabel> labels =
        List.of(
            label(OptionalDouble.of(0.9), OptionalDouble.of(0.1)),
            label(OptionalDouble.of(0.9), OptionalDouble.of(0.7)),
            label(OptionalDouble.of(0.9), OptionalDouble.empty()));
    Map<Metric, Estimate> figures = ConstitutionFigures.ofOrders(labels);
    Estimate disagreement = figures.get(ConstitutionFigures.DISAGREEMENT);
    assertThat(disagreement.value()).isCloseTo(0.5, within(1e-12));
    assertThat(disagreement.unscored()).isEqualTo(1);
    assertThat(figures.get(ConstitutionFigures.SAME_PLACE).value()).isEqualTo(0.5);
  }

  private static PairLabel label(OptionalDouble given, OptionalDouble swapped) {
    return new PairLabel(given, swapped, Bounds.NONE, Usage.NONE);
  }
}
