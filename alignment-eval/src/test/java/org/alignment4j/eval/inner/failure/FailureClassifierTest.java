package org.alignment4j.eval.inner.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Measured;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Order;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Ordinal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureClassifierTest {

  private static FailureCase failure(FailureObservation... observations) {
    return new FailureCase("x", "x", "x", List.of(observations), FailureCause.UNDETERMINED, "none");
  }

  private static FailureObservation seen(boolean inTraining, Order order) {
    return new FailureObservation(inTraining, new Ordinal(order), "told");
  }

  /** With an error of 1 the interval is the margin ± 1.96. */
  @ParameterizedTest
  @CsvSource({
    "5, 3, 1, 0, OUTER",
    "5, 3.1, 1, 0, UNDETERMINED",
    "3, 5, 1, 0, INNER",
    "3.1, 5, 1, 0, UNDETERMINED",
    "3, 3, 0, 0, OUTER",
    "3, 3.1, 0, 0, INNER",
    "3, 3.1, 0, 0.2, OUTER",
    "3, 3.1, 0.1, 0.2, UNDETERMINED"
  })
  void scoresAndTheirError(
      double failing, double intended, double error, double tolerance, FailureCause cause) {
    assertThat(
            new FailureClassifier(0.95, tolerance)
                .cause(new Measured(failing, List.of(intended - 9, intended), error)))
        .isEqualTo(cause);
  }

  @Test
  void observationsTogether() {
    FailureClassifier rule = FailureClassifier.standard();
    FailureObservation outer = seen(true, Order.FAILING_HIGHER);
    FailureObservation blind = seen(true, Order.EQUAL);
    FailureObservation inner = seen(false, Order.INTENDED_HIGHER);
    FailureObservation nothing = seen(false, Order.UNKNOWN);
    assertThat(rule.classify(failure(outer, blind, nothing)).cause()).isEqualTo(FailureCause.OUTER);
    assertThat(rule.classify(failure(nothing, inner)).cause()).isEqualTo(FailureCause.INNER);
    assertThat(rule.classify(failure(outer, inner)).cause()).isEqualTo(FailureCause.MIXED);
    assertThat(rule.classify(failure(nothing)).cause()).isEqualTo(FailureCause.UNDETERMINED);
    assertThat(
            rule.classify(
                    failure(
                        new FailureObservation(
                            true, new Measured(1, List.of(3.5, 2.0), 0.5), "scored")))
                .evidence())
        .containsExactly(
            "in training, the objective scored the failure -2.500 above the best alternative"
                + " [-3.480, -1.520] (scored): inner, unless training was too short");
    assertThat(rule.classify(failure(outer, inner)).evidence()).hasSize(2);
  }

  @Test
  void documentedFailures() {
    List<FailureCase> cases = FailureCases.documented();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(20);
    assertThat(cases)
        .as("authors, year, title")
        .allMatch(c -> c.citation().matches("\\p{Lu}.*?(19|20)\\d\\d, \\p{Lu}.{12,}"));
    FailureAgreement agreement = FailureAgreement.of(cases, FailureClassifier.standard(), 1);
    assertThat(agreement.agreement().n()).isEqualTo(cases.size());
    assertThat(agreement.agreement().value()).isBetween(0.9, 0.999);
    assertThat(agreement.kappa()).isPresent();
    assertThat(agreement.verdicts())
        .filteredOn(v -> !v.agrees())
        .extracting(v -> v.failure().id())
        .containsExactly("narrow-to-broad");
    int total = agreement.confusion().stream().flatMap(List::stream).mapToInt(i -> i).sum();
    assertThat(total).isEqualTo(cases.size());
    int inner = FailureCause.INNER.ordinal();
    assertThat(agreement.confusion().get(inner).get(FailureCause.UNDETERMINED.ordinal()))
        .isEqualTo(1);
  }

  /** Labels are never looked at: exchanged, nothing agrees, and the verdicts stay. */
  @Test
  void labelsDoNotReachTheRule() {
    List<FailureCase> exchanged = new ArrayList<>();
    for (FailureCase c : FailureCases.documented()) {
      FailureCause other =
          c.label() == FailureCause.OUTER ? FailureCause.INNER : FailureCause.OUTER;
      exchanged.add(
          new FailureCase(c.id(), c.title(), c.transcript(), c.observations(), other, "none"));
    }
    FailureClassifier rule = FailureClassifier.standard();
    FailureAgreement agreement = FailureAgreement.of(exchanged, rule, 1);
    assertThat(agreement.agreement().value()).isZero();
    assertThat(agreement.verdicts().stream().map(FailureVerdict::cause))
        .isEqualTo(FailureCases.documented().stream().map(c -> rule.classify(c).cause()).toList());
  }

  private record Rewards(Map<String, Reward> byAnswer) implements RewardModel {
    @Override
    public String id() {
      return "rewards";
    }

    @Override
    public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
      return answers.stream()
          .filter(answer -> byAnswer.containsKey(answer.completion()))
          .map(answer -> byAnswer.getOrDefault(answer.completion(), Reward.of(0)))
          .toList();
    }
  }

  @Test
  void aRewardModelTellsTheScores() {
    Rewards rewards =
        new Rewards(
            Map.of(
                "long", new Reward(4, Map.of(), OptionalDouble.of(0.3)),
                "short", Reward.of(1),
                "right", Reward.of(2)));
    ObjectiveScores scores = new ObjectiveScores(rewards, 0.4);
    FailureObservation observation =
        scores.observe(
            Prompt.text("?"), "long", List.of("short", "right"), true, CancellationToken.none());
    Measured measured = (Measured) observation.evidence();
    assertThat(measured.failing()).isEqualTo(4);
    assertThat(measured.intended()).containsExactly(1.0, 2.0);
    assertThat(measured.standardError()).isCloseTo(0.5, within(1e-12));
    assertThat(FailureClassifier.standard().cause(measured)).isEqualTo(FailureCause.OUTER);
    assertThatThrownBy(
            () ->
                scores.observe(
                    Prompt.text("?"), "none", List.of("right"), true, CancellationToken.none()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContaining("must give one reward per answer, 2, but gave 1");
    assertThatThrownBy(
            () ->
                scores.observe(Prompt.text("?"), "long", List.of(), true, CancellationToken.none()))
        .hasMessageContaining("intended must hold an answer");
  }

  @Test
  void wrongArguments() {
    assertThatThrownBy(() -> new FailureClassifier(1, 0))
        .hasMessageContaining("confidence must be in [0.5, 1) but was 1.0");
    assertThatThrownBy(() -> new FailureClassifier(0.9, -1)).hasMessageContaining("tolerance");
    assertThatThrownBy(() -> new Measured(1, List.of(), 1)).hasMessageContaining("intended");
    assertThatThrownBy(() -> new Measured(Double.NaN, List.of(1.0), 1))
        .hasMessageContaining("scores must be finite");
    assertThatThrownBy(() -> new Measured(1, List.of(1.0), -1))
        .hasMessageContaining("standardError");
    assertThatThrownBy(() -> FailureAgreement.of(List.of(), FailureClassifier.standard(), 1))
        .hasMessageContaining("cases must hold at least one");
    assertThatThrownBy(() -> new ObjectiveScores(new Rewards(Map.of()), -1))
        .hasMessageContaining("unstated must be finite and not negative but was -1.0");
  }
}
