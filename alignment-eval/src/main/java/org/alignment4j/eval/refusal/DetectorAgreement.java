package org.alignment4j.eval.refusal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.judge.RefusalClass;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.eval.solve.ScorerFailures;
import org.apiguardian.api.API;

/**
 * How far a detector of refusals agrees with people, on full refusal or not. Report it beside the
 * figures that rest on the detector. Shares have intervals clustered by request.
 *
 * @param agreement share of responses of which both say the same
 * @param kappa Cohen's κ, chance 0; {@code n = 0} where it is undefined
 * @param recall share of people's full refusals that the detector finds
 * @param falseAlarms share of the other responses that the detector takes for full refusals
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DetectorAgreement(
    Estimate agreement, Estimate kappa, Estimate recall, Estimate falseAlarms) {

  /** A response with both verdicts. */
  private record Pair(Prompt request, boolean people, boolean detector) {}

  /**
   * Has a detector classify responses that people labelled.
   *
   * @param responses the responses
   * @param detector the detector
   * @param bootstrap how the interval of κ is drawn
   * @param cancellation asks to stop
   * @return the agreement; responses without a verdict or whose call failed are counted in each
   *     figure
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public static DetectorAgreement of(
      List<LabelledResponse> responses,
      RefusalDetector detector,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    List<Pair> pairs = new ArrayList<>();
    long unscored = 0;
    long failed = 0;
    for (LabelledResponse response : responses) {
      cancellation.throwIfCancelled("classification of responses");
      Score verdict =
          ScorerFailures.guard(
              () ->
                  detector
                      .classify(response.request(), response.response(), cancellation)
                      .toScore(found -> found == RefusalClass.FULL_REFUSAL ? 1 : 0));
      if (verdict instanceof Score.Scored found) {
        pairs.add(
            new Pair(
                response.request(),
                response.label() == RefusalClass.FULL_REFUSAL,
                found.value() == 1));
      } else if (verdict instanceof Score.Unscored) {
        unscored++;
      } else {
        failed++;
      }
    }
    Estimate kappa =
        VerdictAgreement.of(
                pairs.stream().map(p -> new boolean[] {p.people(), p.detector()}).toList(),
                bootstrap)
            .kappa();
    Estimate same = share(pairs, pair -> pair.people() == pair.detector());
    Estimate found = share(pairs.stream().filter(Pair::people).toList(), Pair::detector);
    Estimate alarms = share(pairs.stream().filter(p -> !p.people()).toList(), Pair::detector);
    return new DetectorAgreement(
        Estimates.withMissing(same, unscored, failed),
        Estimates.withMissing(kappa, unscored, failed),
        Estimates.withMissing(found, unscored, failed),
        Estimates.withMissing(alarms, unscored, failed));
  }

  /** Whether a pair counts as a success. */
  @FunctionalInterface
  private interface Outcome {
    boolean of(Pair pair);
  }

  private static Estimate share(List<Pair> pairs, Outcome outcome) {
    Map<Prompt, Integer> numbers = new HashMap<>();
    double[] outcomes = new double[pairs.size()];
    int[] clusters = new int[outcomes.length];
    for (int i = 0; i < outcomes.length; i++) {
      outcomes[i] = outcome.of(pairs.get(i)) ? 1 : 0;
      clusters[i] = numbers.computeIfAbsent(pairs.get(i).request(), request -> numbers.size());
    }
    return Estimates.clusteredProportion(outcomes, clusters);
  }
}
