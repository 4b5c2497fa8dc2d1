package org.alignment4j.oversight.sandwich;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightStudy;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.budget.StudyBudget;
import org.apiguardian.api.API;

/**
 * A sandwiching experiment: every participant with every question, and what help closed of the gap
 * to experts. Names of metrics say when participants are simulated. Immutable; budgets belong to
 * the recorded calls behind the roles.
 *
 * @param sandwich how a session goes
 * @param participants who takes part
 * @param questions what is asked; answers must be known
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SandwichStudy(
    Sandwich sandwich, List<Participant> participants, List<ChoiceQuestion> questions)
    implements OversightStudy {
  /** The participants alone. */
  public static final String UNAIDED = "unaided";

  /** The model alone. */
  public static final String MODEL = "model alone";

  /** The participants after help. */
  public static final String ASSISTED = "assisted";

  /** The participants' weighted vote after help. */
  public static final String VOTE = "weighted vote";

  /** The expert, or the key. */
  public static final String EXPERT = "expert";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no participant or no question
   */
  public SandwichStudy {
    Objects.requireNonNull(sandwich, "sandwich");
    participants = List.copyOf(participants);
    questions = List.copyOf(questions);
    if (participants.isEmpty() || questions.isEmpty()) {
      throw new IllegalArgumentException(
          "a study must have participants and questions but has "
              + participants.size()
              + " and "
              + questions.size());
    }
  }

  @Override
  public List<String> arms() {
    return List.of(UNAIDED, MODEL, ASSISTED, VOTE, EXPERT);
  }

  /**
   * Runs all sessions. Every arm has its accuracy; the gap closed, over-reliance and under-use are
   * figures of the assisted arm, calibration of both arms with participants.
   *
   * @throws AlignmentException if no session came to its end
   * @throws IllegalArgumentException if the context has a budget, two sessions have one id, or an
   *     answer is not known
   */
  @Override
  public StudyResult run(OversightContext context) {
    StudyBudget.requireNone(context);
    RunReport<Session, SessionResult> report =
        OversightRun.of("sandwiching", sandwich, Session::id)
            .seed(context.seed())
            .progress(context.progress())
            .cancellation(context.cancellation())
            .run(Session.all(participants, questions));
    requireVerdicts(report);
    SandwichScores scores = SandwichScores.of(report, TwoWayBootstrap.seeded(context.seed()));
    return new StudyResult(
        metrics(scores), estimates(scores), usage(report.outcomes()), provenance(context.seed()));
  }

  /** Sessions end in the order of arms, so that what the last one has all have. */
  private static void requireVerdicts(RunReport<Session, SessionResult> report) {
    if (report.complete() == 0) {
      throw new AlignmentException(
          "every arm of a study must have a verdict but no session came to its end: "
              + report.shortfall()
              + "; mend that and run again: recorded calls are kept");
    }
  }

  private static List<Metric> metrics(SandwichScores scores) {
    Direction lower = new Direction.Lower();
    return List.of(
        Metric.of(scores.labelled("accuracy"), "fraction", new Direction.Higher()),
        scores.gapMetric(),
        Metric.of(scores.labelled("over-reliance"), "fraction", lower),
        Metric.of(scores.labelled("under-use"), "fraction", lower),
        Metric.of(scores.labelled("confidence"), "fraction", new Direction.Higher()),
        Metric.of(scores.labelled("overconfidence"), "fraction", new Direction.Ideal(0)),
        Metric.of(scores.labelled("Brier score"), "", lower).withChance(0.25));
  }

  private static Map<String, Map<String, Estimate>> estimates(SandwichScores scores) {
    Map<String, Map<String, Estimate>> arms = new LinkedHashMap<>();
    String accuracy = scores.labelled("accuracy");
    arms.put(UNAIDED, new LinkedHashMap<>(Map.of(accuracy, scores.unaided())));
    arms.put(MODEL, new LinkedHashMap<>(Map.of(accuracy, scores.model())));
    arms.put(ASSISTED, new LinkedHashMap<>(Map.of(accuracy, scores.assisted())));
    arms.put(VOTE, new LinkedHashMap<>(Map.of(accuracy, scores.vote())));
    arms.put(EXPERT, new LinkedHashMap<>(Map.of(accuracy, scores.expert())));
    Map<String, Estimate> assisted = arms.getOrDefault(ASSISTED, Map.of());
    scores.gapClosed().ifPresent(gap -> assisted.put(scores.gapMetric().name(), gap.estimate()));
    assisted.put(scores.labelled("over-reliance"), scores.overReliance());
    assisted.put(scores.labelled("under-use"), scores.underUse());
    calibration(scores, scores.before(), arms.getOrDefault(UNAIDED, Map.of()));
    calibration(scores, scores.after(), assisted);
    return arms;
  }

  private static void calibration(
      SandwichScores scores, Calibration calibration, Map<String, Estimate> arm) {
    arm.put(scores.labelled("confidence"), calibration.confidence());
    arm.put(scores.labelled("overconfidence"), calibration.overconfidence());
    arm.put(scores.labelled("Brier score"), calibration.brier());
  }

  /** What the vote costs is what its answers cost. */
  private static Map<String, Usage> usage(Map<Session, Outcome<SessionResult>> outcomes) {
    Usage talk =
        outcomes.values().stream()
            .map(Outcome::transcript)
            .map(Transcript::usage)
            .reduce(Usage.NONE, Usage::plus);
    Usage assisted = talk.plus(cost(outcomes, SessionResult::assisted));
    return Map.of(
        UNAIDED, cost(outcomes, SessionResult::unaided),
        MODEL, cost(outcomes, SessionResult::model),
        ASSISTED, assisted,
        VOTE, assisted,
        EXPERT, cost(outcomes, SessionResult::expert));
  }

  private static Usage cost(
      Map<Session, Outcome<SessionResult>> outcomes,
      Function<SessionResult, Optional<Verdict>> arm) {
    return outcomes.values().stream()
        .flatMap(outcome -> arm.apply(outcome.verdict()).stream())
        .map(Verdict::usage)
        .reduce(Usage.NONE, Usage::plus);
  }

  private Provenance provenance(long seed) {
    return new Provenance(
        "run",
        "sandwiching",
        Map.of("questions", ContentHash.of(questions.toString())),
        Map.of("study", seed),
        Map.of(
            "participants", String.valueOf(participants.size()),
            "turns", String.valueOf(sandwich.turns())),
        Map.of(),
        "",
        List.of());
  }
}
