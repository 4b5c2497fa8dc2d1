package org.alignment4j.eval.inner.failure;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.alignment4j.core.statistics.DetectableDifference;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Measured;
import org.alignment4j.eval.inner.failure.ObjectiveEvidence.Ordinal;
import org.apiguardian.api.API;

/**
 * Tells outer from inner failures (Hubinger et al. 2019, arXiv 1906.01820): for each observation by
 * how much the objective scores the failure above the best of what was intended, {@code m ± z·SE}.
 * The whole interval at or above {@code −tolerance}: the objective did not prefer what was
 * intended, outer. Below it: the objective did prefer it and the model failed nevertheless, inner.
 * Across it, or nothing known: undetermined. Observations that say different things make a mixed
 * case; those that say nothing count only when no other does.
 *
 * <p>An inner failure in a situation of the training distribution may be training that was not long
 * enough rather than another goal; the evidence says so. Immutable and thread-safe.
 *
 * @param confidence two-sided level of the interval, in [0.5, 1)
 * @param tolerance the smallest difference of scores that matters, not negative
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FailureClassifier(double confidence, double tolerance) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public FailureClassifier {
    if (!(confidence >= 0.5 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in [0.5, 1) but was " + confidence);
    }
    if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "tolerance must be finite and not negative but was " + tolerance);
    }
  }

  /**
   * Returns the usual classifier.
   *
   * @return level 0.95, every difference matters
   */
  public static FailureClassifier standard() {
    return new FailureClassifier(0.95, 0);
  }

  /**
   * Classifies a failure.
   *
   * @param failure the case; its label is not looked at
   * @return the cause with the evidence
   */
  public FailureVerdict classify(FailureCase failure) {
    Set<FailureCause> causes = EnumSet.noneOf(FailureCause.class);
    List<String> evidence = new ArrayList<>();
    for (FailureObservation observation : failure.observations()) {
      FailureCause cause = cause(observation.evidence());
      causes.add(cause);
      evidence.add(sentence(observation, cause));
    }
    causes.remove(FailureCause.UNDETERMINED);
    FailureCause cause =
        switch (causes.size()) {
          case 0 -> FailureCause.UNDETERMINED;
          case 1 -> causes.iterator().next();
          default -> FailureCause.MIXED;
        };
    return new FailureVerdict(failure, cause, evidence);
  }

  /**
   * Returns what one observation says.
   *
   * @param evidence what is known of the objective's scores
   * @return never {@link FailureCause#MIXED}
   */
  public FailureCause cause(ObjectiveEvidence evidence) {
    if (evidence instanceof Measured measured) {
      double half = half(measured);
      if (measured.margin() - half >= -tolerance) {
        return FailureCause.OUTER;
      }
      return measured.margin() + half < -tolerance ? FailureCause.INNER : FailureCause.UNDETERMINED;
    }
    return switch (((Ordinal) evidence).order()) {
      case FAILING_HIGHER, EQUAL -> FailureCause.OUTER;
      case INTENDED_HIGHER -> FailureCause.INNER;
      case UNKNOWN -> FailureCause.UNDETERMINED;
    };
  }

  private double half(Measured measured) {
    // With a power of one half, what a test detects is its critical value.
    return DetectableDifference.of(measured.standardError(), 1 - confidence, 0.5);
  }

  private String sentence(FailureObservation observation, FailureCause cause) {
    StringBuilder text =
        new StringBuilder(
            observation.inTraining() ? "in training, the objective " : "elsewhere, the objective ");
    if (observation.evidence() instanceof Measured measured) {
      double half = half(measured);
      text.append(
          String.format(
              Locale.ROOT,
              "scored the failure %.4g above the best alternative [%.4g, %.4g]",
              measured.margin(),
              measured.margin() - half,
              measured.margin() + half));
    } else {
      text.append(
          switch (((Ordinal) observation.evidence()).order()) {
            case FAILING_HIGHER -> "scored the failure higher";
            case EQUAL -> "scored both alike";
            case INTENDED_HIGHER -> "scored what was intended higher";
            case UNKNOWN -> "is not known to score either";
          });
    }
    text.append(" (").append(observation.source()).append("): ");
    text.append(cause.name().toLowerCase(Locale.ROOT));
    if (cause == FailureCause.INNER && observation.inTraining()) {
      text.append(", unless training was too short");
    }
    return text.toString();
  }
}
