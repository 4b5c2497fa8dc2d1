package org.alignment4j.oversight.sandwich;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.oversight.RunReport;
import org.apiguardian.api.API;

/**
 * What help by a model is worth. Intervals are over participants and questions. Sessions in which
 * an answer is missing or named no option are unscored in every figure, and the shares of right
 * answers say how many there were and how many failed.
 *
 * @param simulated whether any participant is no person: then say so beside every figure
 * @param unaided share of right answers of participants alone
 * @param model share of right answers of the model alone
 * @param assisted share of right answers of participants after help
 * @param expert share of right answers of the expert
 * @param vote share of questions that the participants' {@link WeightedVote} after help gets right
 * @param gapClosed {@code (assisted − unaided)/(expert − unaided)}; empty when experts are not
 *     better than participants alone
 * @param overReliance of right unaided answers where the model is wrong, the share in which the
 *     participant took the model's answer over
 * @param underUse of wrong unaided answers where the model is right, the share in which the answer
 *     after help is still wrong
 * @param before calibration of unaided answers
 * @param after calibration of answers after help
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SandwichScores(
    boolean simulated,
    Estimate unaided,
    Estimate model,
    Estimate assisted,
    Estimate expert,
    Estimate vote,
    Optional<Bootstrap.Result> gapClosed,
    Estimate overReliance,
    Estimate underUse,
    Calibration before,
    Calibration after) {
  private static final String BOWMAN = "Bowman et al. 2022, arXiv 2211.03540";

  /** Checks that nothing is missing. */
  public SandwichScores {
    Objects.requireNonNull(gapClosed, "gapClosed");
  }

  /** Returns what {@link #gapClosed} measures; its name says when participants are simulated. */
  public Metric gapMetric() {
    return Metric.of(labelled("gap closed"), "fraction", new Direction.Higher())
        .withChance(0)
        .withCitation(BOWMAN);
  }

  /** Returns a name with {@code (simulated)} behind it when participants are. */
  public String labelled(String name) {
    return simulated ? name + " (simulated)" : name;
  }

  /**
   * Scores sessions.
   *
   * @param report what became of each session
   * @throws IllegalArgumentException if a question's answer is not known
   */
  public static SandwichScores of(
      RunReport<Session, SessionResult> report, TwoWayBootstrap bootstrap) {
    List<Observation> observed = new ArrayList<>();
    report
        .outcomes()
        .forEach(
            (session, outcome) ->
                Observation.of(session, outcome.verdict()).ifPresent(observed::add));
    boolean simulated = report.questions().stream().anyMatch(s -> s.participant().simulated());
    long unscored = report.questions().size() - observed.size() - report.failed();
    return of(observed, unscored, report.failed(), simulated, bootstrap);
  }

  /**
   * Scores observations.
   *
   * @param observations one for each session
   * @param unscored sessions without an observation
   * @param failed sessions that failed
   * @param simulated whether any participant is no person
   */
  public static SandwichScores of(
      List<Observation> observations,
      long unscored,
      long failed,
      boolean simulated,
      TwoWayBootstrap bootstrap) {
    UnaryOperator<Estimate> all = estimate -> Estimates.withMissing(estimate, unscored, failed);
    Shares shares = new Shares(bootstrap);
    return new SandwichScores(
        simulated,
        all.apply(shares.share(observations, Observation::unaidedRight)),
        all.apply(shares.share(observations, Observation::modelRight)),
        all.apply(shares.share(observations, Observation::assistedRight)),
        all.apply(shares.share(observations, Observation::expertRight)),
        WeightedVote.accuracy(observations),
        gapClosed(observations, bootstrap),
        shares.share(
            observations.stream().filter(o -> o.unaidedRight() && !o.modelRight()).toList(),
            o -> o.assisted().equals(o.model())),
        shares.share(
            observations.stream().filter(o -> !o.unaidedRight() && o.modelRight()).toList(),
            o -> !o.assistedRight()),
        Calibration.of(
            observations, Observation::unaidedConfidence, Observation::unaidedRight, shares),
        Calibration.of(
            observations, Observation::assistedConfidence, Observation::assistedRight, shares));
  }

  private static Optional<Bootstrap.Result> gapClosed(
      List<Observation> observations, TwoWayBootstrap bootstrap) {
    double[] unaided = numbers(observations, Observation::unaidedRight);
    double[] assisted = numbers(observations, Observation::assistedRight);
    double[] expert = numbers(observations, Observation::expertRight);
    double[] once = new double[observations.size()];
    Arrays.fill(once, 1);
    if (observations.isEmpty() || Double.isNaN(gap(unaided, assisted, expert, once))) {
      return Optional.empty();
    }
    return Optional.of(
        bootstrap.of(
            observations.stream().map(Observation::participant).toList(),
            observations.stream().map(Observation::question).toList(),
            weights -> gap(unaided, assisted, expert, weights)));
  }

  /** The gap closed; NaN when the expert is not better than participants alone. */
  private static double gap(
      double[] unaided, double[] assisted, double[] expert, double[] weights) {
    double alone = Shares.weighted(unaided, weights);
    double room = Shares.weighted(expert, weights) - alone;
    return room > 0 ? (Shares.weighted(assisted, weights) - alone) / room : Double.NaN;
  }

  private static double[] numbers(List<Observation> observations, Predicate<Observation> right) {
    return observations.stream().mapToDouble(o -> right.test(o) ? 1 : 0).toArray();
  }
}
