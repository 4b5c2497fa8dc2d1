package org.alignment4j.oversight.study;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.debate.OpenRoles;
import org.apiguardian.api.API;

/**
 * What an arm came to on a question.
 *
 * @param question the question, in its own order
 * @param seed the number of the repetition, from 0
 * @param tries one for each variant of the arm
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Scored(ChoiceQuestion question, int seed, List<Try> tries) {
  /** Checks and copies. */
  public Scored {
    Objects.requireNonNull(question, "question");
    tries = List.copyOf(tries);
  }

  /**
   * One variant.
   *
   * @param variant what was run
   * @param outcome what came of it; empty when it failed
   */
  public record Try(Arm.Variant variant, Optional<Outcome<Ruling>> outcome) {
    /** Checks that nothing is missing. */
    public Try {
      Objects.requireNonNull(variant, "variant");
      Objects.requireNonNull(outcome, "outcome");
    }

    private OptionalDouble share(String option) {
      return finished().isPresent()
          ? finished().get().verdict().share(option)
          : OptionalDouble.empty();
    }

    /**
     * A verdict in one order alone, where a budget ended before the other, would tell of places.
     */
    private Optional<Outcome<Ruling>> finished() {
      return outcome.filter(Outcome::complete);
    }
  }

  private String right() {
    return question.options().get(question.answer().orElseThrow());
  }

  /** How often the verdicts are right, from 0 to 1; empty when a variant has none. */
  public OptionalDouble accuracy() {
    return mean(tries.stream().map(t -> t.share(right())).toList());
  }

  /**
   * How often they are right among variants that argue for one option.
   *
   * @param truth whether that option is the right one
   * @return empty when there is no such variant or it has no verdict
   */
  public OptionalDouble accuracyDefending(boolean truth) {
    return mean(defending(truth).stream().map(t -> t.share(right())).toList());
  }

  /** The tries of variants that argue for the right option alone, or for a wrong one alone. */
  List<Try> defending(boolean truth) {
    return tries.stream()
        .filter(t -> t.variant().defended() >= 0)
        .filter(t -> (t.variant().defended() == question.answer().orElseThrow()) == truth)
        .toList();
  }

  /**
   * The Brier score, from 0 (best) to 1, as {@link ChoiceBrier} has it: the mean over verdicts, as
   * for orders that are run apart.
   */
  public OptionalDouble brier() {
    return mean(tries.stream().map(this::brier).toList());
  }

  private OptionalDouble brier(Try one) {
    if (one.share(right()).isEmpty()) {
      return OptionalDouble.empty();
    }
    return one.outcome().orElseThrow().verdict().decided().stream()
        .mapToDouble(
            verdict ->
                ChoiceBrier.of(
                    verdict.probability(),
                    verdict.choice().equals(right()),
                    question.options().size()))
        .average();
  }

  /** How often a verdict is for the option that stood first; empty when a variant has none. */
  public OptionalDouble first() {
    return mean(tries.stream().map(this::first).toList());
  }

  private OptionalDouble first(Try one) {
    if (one.outcome().isEmpty() || one.share(right()).isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Verdict> verdicts = one.outcome().get().verdict().verdicts();
    double sum = 0;
    int count = 0;
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i) instanceof Verdict.Decided decided) {
        sum += decided.choice().equals(first(one, i == 1)) ? 1 : 0;
        count++;
      }
    }
    return OptionalDouble.of(sum / count);
  }

  /** How many verdicts were given, unparsed ones included. */
  long verdicts() {
    return all().size();
  }

  /** How many name no option. */
  long unparsed() {
    return all().stream().filter(Verdict.Unparsed.class::isInstance).count();
  }

  private List<Verdict> all() {
    return tries.stream()
        .flatMap(t -> t.outcome().stream())
        .flatMap(outcome -> outcome.verdict().verdicts().stream())
        .toList();
  }

  private static OptionalDouble mean(List<OptionalDouble> values) {
    if (values.isEmpty() || values.stream().anyMatch(OptionalDouble::isEmpty)) {
      return OptionalDouble.empty();
    }
    return values.stream().mapToDouble(OptionalDouble::getAsDouble).average();
  }

  /** The option that stood first before the judge. */
  private String first(Try one, boolean otherOrder) {
    boolean reversed = one.variant().swapped() != otherOrder;
    ChoiceQuestion given = reversed ? question.swapped() : question;
    boolean open = one.outcome().flatMap(OpenRoles::chosen).isPresent();
    return (open ? OpenRoles.presented(given) : given).options().get(0);
  }
}
