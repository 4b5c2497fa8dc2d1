package org.alignment4j.oversight.constitution;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.PreferenceLabeler;
import org.alignment4j.core.judge.PromptText;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.agent.CallSeed;
import org.apiguardian.api.API;

/**
 * Preferences by principles (RL-CAI, Bai et al. 2022, section 4.1): for each pair a principle is
 * drawn uniformly and the answers are compared by it; or several, of which the mean is the label.
 * Which ones follows from the seed and the pair alone. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConstitutionLabeler
    implements PreferenceLabeler, OversightProtocol<Comparison, AiLabel> {
  private final List<Principle> principles;
  private final PairRater rater;
  private final int ensemble;
  private final long seed;

  private ConstitutionLabeler(
      List<Principle> principles, PairRater rater, int ensemble, long seed) {
    this.principles = principles;
    this.rater = Objects.requireNonNull(rater, "rater");
    this.ensemble = ensemble;
    this.seed = seed;
  }

  /**
   * Returns a labeler with one principle a pair, and seed 0.
   *
   * @param constitution has at least one principle for comparisons
   * @throws IllegalArgumentException if it has none
   */
  public static ConstitutionLabeler of(Constitution constitution, PairRater rater) {
    if (constitution.forComparison().isEmpty()) {
      throw new IllegalArgumentException(
          "the constitution must have a principle with comparison but has none");
    }
    return new ConstitutionLabeler(constitution.forComparison(), rater, 1, 0);
  }

  /**
   * Returns this labeler with several different principles a pair.
   *
   * @param count from 1 to the number of principles for comparisons
   * @throws IllegalArgumentException if it is out of this range
   */
  public ConstitutionLabeler withEnsemble(int count) {
    if (count < 1 || count > principles.size()) {
      throw new IllegalArgumentException(
          "an ensemble must have from 1 to "
              + principles.size()
              + " principles, as many as the constitution has for comparisons, but was to have "
              + count);
    }
    return new ConstitutionLabeler(principles, rater, count, seed);
  }

  /** Returns this labeler with another seed for {@link #label}. */
  public ConstitutionLabeler withSeed(long other) {
    return new ConstitutionLabeler(principles, rater, ensemble, other);
  }

  /**
   * Compares two answers by principles drawn by the context's seed; a label that the budget cut
   * short has those of them that were reached.
   */
  @Override
  public Outcome<AiLabel> run(Comparison comparison, OversightContext context) {
    Proceedings proceedings =
        Proceedings.open(
            "preference", PromptText.of(comparison.prompt()), context, OptionalLong.of(ensemble));
    Map<String, PairLabel> labels = new LinkedHashMap<>();
    try {
      for (Principle principle :
          Constitution.draw(principles, ensemble, context.seed(), "comparison", 0)) {
        OversightContext next =
            proceedings.next().withSeed(CallSeed.part(context.seed(), principle.id()));
        PairLabel label = rater.rate(comparison, principle.comparison(), next);
        proceedings.spend(label.usage());
        if (!label.incomplete().isEmpty()) {
          return proceedings.stopped(new AiLabel(comparison, labels), label.incomplete());
        }
        labels.put(principle.id(), label);
      }
      return proceedings.outcome(new AiLabel(comparison, labels));
    } catch (BudgetExceededException limit) {
      return proceedings.stopped(new AiLabel(comparison, labels), limit);
    }
  }

  /** See {@link PreferenceLabeler}; the same pair has the same label wherever it stands. */
  @Override
  public List<OptionalDouble> label(List<Comparison> comparisons, CancellationToken cancellation) {
    List<OptionalDouble> labels = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      cancellation.throwIfCancelled("labelling");
      OversightContext context =
          new OversightContext(
              CallSeed.part(seed, key(comparison)),
              Budget.UNLIMITED,
              ProgressListener.none(),
              cancellation);
      labels.add(run(comparison, context).verdict().firstIsBetter());
    }
    return labels;
  }

  private static String key(Comparison comparison) {
    String request = PromptText.of(comparison.prompt());
    return request.length()
        + " "
        + comparison.first().length()
        + " "
        + request
        + comparison.first()
        + comparison.second();
  }
}
