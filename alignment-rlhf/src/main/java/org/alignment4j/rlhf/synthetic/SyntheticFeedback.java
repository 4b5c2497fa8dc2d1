package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.apiguardian.api.API;

/**
 * Preferences without labels (ALMoST: Kim et al. 2023, arXiv 2305.13735): every configuration of an
 * {@link AssumedOrder} answers every prompt once, and of any two answers the one of the earlier
 * configuration is taken for the better. Filters only leave out; they never turn a pair round.
 * Immutable.
 *
 * <pre>{@code
 * AssumedOrder order =
 *     AssumedOrder.largerFirst(
 *         List.of(SizedModel.of("1b", large), SizedModel.of("100m", small)),
 *         PromptStyle.plain(),
 *         SamplingOptions.sampling(64, 7));
 * List<PreferencePair> pairs =
 *     SyntheticFeedback.of(order)
 *         .believing(PairFilter.length(0.5), PairFilter.reward(rewardModel, 0))
 *         .generate(prompts, CancellationToken.none())
 *         .preferences();
 * }</pre>
 *
 * <p>Where a configuration has a style that is not plain, blanks around all answers are removed,
 * since they would tell who answered.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SyntheticFeedback {

  private static final String IDENTICAL = "identical answers";

  private final AssumedOrder order;
  private final List<ResponseFilter> responseFilters;
  private final List<PairFilter> pairFilters;

  private SyntheticFeedback(
      AssumedOrder order, List<ResponseFilter> responseFilters, List<PairFilter> pairFilters) {
    this.order = Objects.requireNonNull(order, "order");
    this.responseFilters = List.copyOf(responseFilters);
    this.pairFilters = List.copyOf(pairFilters);
  }

  /**
   * Returns feedback that drops answers by {@link ResponseFilter#form()}, pairs of identical
   * answers and those whose better answer has less than half the words of the worse.
   *
   * @param order who is assumed to answer better
   * @return the feedback
   */
  public static SyntheticFeedback of(AssumedOrder order) {
    return new SyntheticFeedback(order, ResponseFilter.form(), List.of(PairFilter.length(0.5)));
  }

  /**
   * Returns feedback with these filters of answers in place of the present ones.
   *
   * @param filters applied in order; may be none
   * @return the feedback
   */
  public SyntheticFeedback accepting(ResponseFilter... filters) {
    return new SyntheticFeedback(order, List.of(filters), pairFilters);
  }

  /**
   * Returns feedback with these filters of pairs in place of the present ones; identical answers
   * are dropped anyway.
   *
   * @param filters applied in order, each to what those before it left; may be none
   * @return the feedback
   */
  public SyntheticFeedback believing(PairFilter... filters) {
    return new SyntheticFeedback(order, responseFilters, List.of(filters));
  }

  /**
   * Samples answers and pairs them.
   *
   * @param prompts at least one
   * @param cancellation asks to stop
   * @return the pairs that were believed and what became of the others
   * @throws IllegalArgumentException when there is no prompt, or one does not fit a model or a
   *     style
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  public SyntheticPreferences generate(
      List<? extends Prompt> prompts, CancellationToken cancellation) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("prompts must hold at least one but hold none");
    }
    List<List<SyntheticResponse>> byPrompt = new ArrayList<>();
    prompts.forEach(p -> byPrompt.add(new ArrayList<>()));
    Map<String, Integer> droppedResponses = new LinkedHashMap<>();
    int sampled = 0;
    for (ResponseConfiguration configuration : order.bestFirst()) {
      cancellation.throwIfCancelled("synthetic feedback");
      for (SyntheticResponse response :
          configuration.respond(prompts, 1, order.stripsAnswers(), cancellation)) {
        sampled++;
        String reason = reason(response);
        if (reason.isEmpty()) {
          byPrompt.get(response.index()).add(response);
        } else {
          droppedResponses.merge(reason, 1, Integer::sum);
        }
      }
    }
    Map<String, Integer> droppedPairs = new LinkedHashMap<>();
    List<SyntheticPair> pairs = pairs(byPrompt, droppedPairs);
    for (PairFilter filter : pairFilters) {
      pairs = filtered(pairs, filter, droppedPairs, cancellation);
    }
    Set<Integer> left = new HashSet<>();
    pairs.forEach(p -> left.add(p.better().index()));
    return new SyntheticPreferences(
        pairs,
        sampled,
        droppedResponses,
        droppedPairs,
        prompts.size() - left.size(),
        provenance(prompts, pairs));
  }

  /** Of the first filter that drops an answer; empty where none does. */
  private String reason(SyntheticResponse response) {
    for (ResponseFilter filter : responseFilters) {
      if (!filter.keeps(response)) {
        return filter.reason();
      }
    }
    return "";
  }

  /** Answers of a prompt are in the assumed order. */
  private static List<SyntheticPair> pairs(
      List<List<SyntheticResponse>> byPrompt, Map<String, Integer> dropped) {
    List<SyntheticPair> pairs = new ArrayList<>();
    for (List<SyntheticResponse> own : byPrompt) {
      for (int i = 0; i < own.size(); i++) {
        for (int j = i + 1; j < own.size(); j++) {
          if (own.get(i).text().equals(own.get(j).text())) {
            dropped.merge(IDENTICAL, 1, Integer::sum);
          } else {
            pairs.add(new SyntheticPair(own.get(i), own.get(j)));
          }
        }
      }
    }
    return pairs;
  }

  private static List<SyntheticPair> filtered(
      List<SyntheticPair> pairs,
      PairFilter filter,
      Map<String, Integer> dropped,
      CancellationToken cancellation) {
    List<Boolean> keeps = filter.keeps(pairs, cancellation);
    List<SyntheticPair> kept = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      if (keeps.get(i)) {
        kept.add(pairs.get(i));
      } else {
        dropped.merge(filter.reason(), 1, Integer::sum);
      }
    }
    return kept;
  }

  private Provenance provenance(List<? extends Prompt> prompts, List<SyntheticPair> pairs) {
    Map<String, String> options = new TreeMap<>();
    Map<String, Long> seeds = new TreeMap<>();
    List<Provenance> models = new ArrayList<>();
    for (int i = 0; i < order.bestFirst().size(); i++) {
      ResponseConfiguration c = order.bestFirst().get(i);
      options.put("configuration " + i, c.name() + ", " + c.style().name() + ", " + c.sampling());
      c.sampling().seed().ifPresent(seed -> seeds.put(c.name(), seed));
      models.add(Provenance.of("model", c.name(), ContentHash.of(c.model().id())));
    }
    options.put(
        "response filters",
        responseFilters.stream().map(ResponseFilter::reason).toList().toString());
    options.put("pair filters", pairFilters.stream().map(PairFilter::reason).toList().toString());
    return new Provenance(
        "dataset",
        "synthetic preferences",
        Map.of(
            "prompts", ContentHash.of(prompts.toString()),
            "pairs", ContentHash.of(pairs.toString())),
        seeds,
        options,
        Map.of(),
        "",
        models);
  }
}
