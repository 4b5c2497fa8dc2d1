package org.alignment4j.oversight.constitution;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.alignment4j.api.evaluation.Direction;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Metric;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/** Figures about revisions and labels, with what each measures. Pure functions. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ConstitutionFigures {
  private static final String SL_CAI = "Bai et al. 2022, section 3";
  private static final String RLAIF = "Lee et al. 2023, section 3.3";

  /** Share of revisions that differ from the answer before. */
  public static final Metric CHANGED =
      Metric.of("changed revisions", "fraction", Direction.HIGHER).withCitation(SL_CAI);

  /** Share of revisions that only refuse. */
  public static final Metric EVASIVE =
      Metric.of("evasive revisions", "fraction", Direction.LOWER).withCitation(SL_CAI);

  /**
   * Share of a revision's runs of four words that its critique has, in the mean: a model that
   * confuses the two writes the critique again. A revision that is the critique word for word is
   * refused before it gets here.
   */
  public static final Metric REPEATS_CRITIQUE =
      Metric.of("critique repeated in the revision", "fraction", Direction.LOWER)
          .withCitation(SL_CAI);

  /**
   * Share of a revision's runs of four words that the answer before has, in the mean: 1 where
   * nothing was added, little where the answer was written anew.
   */
  public static final Metric REPEATS_ANSWER =
      Metric.of("answer repeated in the revision", "fraction", Direction.NEUTRAL)
          .withCitation(SL_CAI);

  /**
   * Share of a revision's runs of four words that a revision of another chain has, in the mean:
   * stock phrases, which grow with over-training.
   */
  public static final Metric STOCK_PHRASES =
      Metric.of("phrases of other revisions", "fraction", Direction.LOWER)
          .withCitation("Bai et al. 2022, section 4");

  /** Share of chains that ended before their last revision; the budget's ends aside. */
  public static final Metric STOPPED =
      Metric.of("stopped chains", "fraction", Direction.LOWER).withCitation(SL_CAI);

  /** Share of labels whose likelier answer is the one that people prefer. */
  public static final Metric AGREEMENT =
      Metric.of("label agreement", "fraction", Direction.HIGHER)
          .withChance(0.5)
          .withCitation(RLAIF);

  /** Mean disagreement of the two orders. */
  public static final Metric DISAGREEMENT =
      Metric.of("order disagreement", "probability", Direction.LOWER).withCitation(RLAIF);

  /** Share of pairs of which the answer in the same place is preferred in both orders. */
  public static final Metric SAME_PLACE =
      Metric.of("position bias", "fraction", Direction.LOWER).withCitation(RLAIF);

  private ConstitutionFigures() {}

  /**
   * Returns {@link #CHANGED}, {@link #EVASIVE}, {@link #STOPPED}, {@link #REPEATS_CRITIQUE}, {@link
   * #REPEATS_ANSWER} and {@link #STOCK_PHRASES}; revisions of one chain are a cluster. Revisions
   * without words are unscored in the last three, and so are those without critique, or without
   * revisions of others, where these are compared.
   */
  public static Map<Metric, Estimate> ofChains(Collection<RevisionChain> chains) {
    List<RevisionChain> ended =
        chains.stream().filter(c -> c.ending() != RevisionChain.Ending.BUDGET).toList();
    long stopped = ended.stream().filter(RevisionChain::stopped).count();
    return ImmutableMap.<Metric, Estimate>builder()
        .put(CHANGED, share(chains, RevisionStep::changed))
        .put(EVASIVE, share(chains, RevisionStep::evasive))
        .put(STOPPED, Estimates.proportion(stopped, ended.size()))
        .put(REPEATS_CRITIQUE, mean(each(chains, ConstitutionFigures::critiqueRepeated)))
        .put(REPEATS_ANSWER, mean(each(chains, ConstitutionFigures::answerRepeated)))
        .put(
            STOCK_PHRASES,
            mean(
                Repetition.acrossGroups(
                    chains.stream()
                        .map(chain -> chain.steps().stream().map(RevisionStep::revision).toList())
                        .toList())))
        .buildOrThrow();
  }

  private static OptionalDouble critiqueRepeated(RevisionChain chain, int step) {
    String critique = chain.steps().get(step).critique();
    return critique.isEmpty()
        ? OptionalDouble.empty()
        : Repetition.share(chain.steps().get(step).revision(), critique);
  }

  private static OptionalDouble answerRepeated(RevisionChain chain, int step) {
    String before =
        step == 0 ? chain.answer().orElseThrow() : chain.steps().get(step - 1).revision();
    return Repetition.share(chain.steps().get(step).revision(), before);
  }

  private static Estimate share(Collection<RevisionChain> chains, Predicate<RevisionStep> counted) {
    return mean(
        each(
            chains,
            (chain, step) -> OptionalDouble.of(counted.test(chain.steps().get(step)) ? 1 : 0)));
  }

  /** A figure of a revision, given by its chain and its place there. */
  @FunctionalInterface
  private interface StepFigure {
    OptionalDouble of(RevisionChain chain, int step);
  }

  private static List<List<OptionalDouble>> each(
      Collection<RevisionChain> chains, StepFigure figure) {
    List<List<OptionalDouble>> figures = new ArrayList<>();
    for (RevisionChain chain : chains) {
      List<OptionalDouble> own = new ArrayList<>();
      for (int step = 0; step < chain.steps().size(); step++) {
        own.add(figure.of(chain, step));
      }
      figures.add(own);
    }
    return figures;
  }

  /** The mean of figures from 0 to 1, of which those of one chain are a cluster. */
  private static Estimate mean(List<List<OptionalDouble>> byChain) {
    List<Double> scored = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    long unscored = 0;
    for (int chain = 0; chain < byChain.size(); chain++) {
      for (OptionalDouble figure : byChain.get(chain)) {
        if (figure.isPresent()) {
          scored.add(figure.getAsDouble());
          clusters.add(chain);
        } else {
          unscored++;
        }
      }
    }
    return Estimates.withMissing(
        Estimates.clusteredProportion(
            scored.stream().mapToDouble(Double::doubleValue).toArray(),
            clusters.stream().mapToInt(Integer::intValue).toArray()),
        unscored,
        0);
  }

  /**
   * Returns {@link #EVASIVE} by the place of the revision in its chain: evasion grows where
   * principles ask for harmlessness alone.
   *
   * @return for each revision that some chain has, from the first
   */
  public static List<Estimate> evasionByRevision(Collection<RevisionChain> chains) {
    List<Estimate> shares = new ArrayList<>();
    int longest = chains.stream().mapToInt(chain -> chain.steps().size()).max().orElse(0);
    for (int place = 0; place < longest; place++) {
      int index = place;
      List<RevisionStep> steps =
          chains.stream()
              .filter(chain -> chain.steps().size() > index)
              .map(chain -> chain.steps().get(index))
              .toList();
      shares.add(
          Estimates.proportion(steps.stream().filter(RevisionStep::evasive).count(), steps.size()));
    }
    return List.copyOf(shares);
  }

  /**
   * Returns {@link #AGREEMENT}: a label of one half agrees by half, and comparisons without a label
   * are unscored.
   *
   * @param labels the probability that the first answer is better, as a labeler gives it
   * @param firstPreferred whether people prefer the first answer, for each label
   * @throws IllegalArgumentException if the lengths differ
   */
  public static Estimate agreement(List<OptionalDouble> labels, List<Boolean> firstPreferred) {
    if (labels.size() != firstPreferred.size()) {
      throw new IllegalArgumentException(
          "there must be one gold label for each of "
              + labels.size()
              + " labels but there are "
              + firstPreferred.size());
    }
    List<Double> agreed = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).isPresent()) {
        int lean = Double.compare(labels.get(i).getAsDouble(), 0.5);
        agreed.add(lean == 0 ? 0.5 : (lean > 0) == firstPreferred.get(i) ? 1.0 : 0.0);
      }
    }
    return Estimates.withMissing(
        Estimates.proportion(agreed.stream().mapToDouble(Double::doubleValue).toArray()),
        labels.size() - agreed.size(),
        0);
  }

  /** Returns {@link #DISAGREEMENT} and {@link #SAME_PLACE}; labels without both are unscored. */
  public static Map<Metric, Estimate> ofOrders(Collection<PairLabel> labels) {
    List<PairLabel> scored =
        labels.stream().filter(label -> label.disagreement().isPresent()).toList();
    long unscored = labels.size() - scored.size();
    double[] disagreement =
        scored.stream().mapToDouble(label -> label.disagreement().getAsDouble()).toArray();
    long same = scored.stream().filter(PairLabel::samePlace).count();
    return ImmutableMap.of(
        DISAGREEMENT,
        Estimates.withMissing(Estimates.mean(disagreement), unscored, 0),
        SAME_PLACE,
        Estimates.withMissing(Estimates.proportion(same, scored.size()), unscored, 0));
  }
}
