package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * Ways to answer of which each is assumed to be better than all later ones (ALMoST: Kim et al.
 * 2023, arXiv 2305.13735, section 3.1: larger models, more shots and better demonstrations first).
 * The order is strict and total.
 *
 * @param bestFirst at least two, of different names
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AssumedOrder(List<ResponseConfiguration> bestFirst) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there are fewer than two or two have one name
   */
  public AssumedOrder {
    bestFirst = List.copyOf(bestFirst);
    if (bestFirst.size() < 2) {
      throw new IllegalArgumentException(
          "an order must have at least two configurations but has " + bestFirst.size());
    }
    Set<String> names = new HashSet<>();
    for (ResponseConfiguration configuration : bestFirst) {
      if (!names.add(configuration.name())) {
        throw new IllegalArgumentException(
            "configurations must have different names but two are '" + configuration.name() + "'");
      }
    }
  }

  /**
   * Returns an order.
   *
   * @param bestFirst at least two, of different names
   * @return the order
   * @throws IllegalArgumentException when there are fewer than two or two have one name
   */
  public static AssumedOrder of(ResponseConfiguration... bestFirst) {
    return new AssumedOrder(List.of(bestFirst));
  }

  /**
   * Returns the order in which a larger model beats every smaller one, all asked in the same way.
   *
   * @param models at least two, of different names and sizes, in any order
   * @param style how prompts are put
   * @param sampling how answers are sampled
   * @return the order
   * @throws IllegalArgumentException when there are fewer than two, or two have one name or one
   *     size
   */
  public static AssumedOrder largerFirst(
      List<SizedModel> models, PromptStyle style, SamplingOptions sampling) {
    List<SizedModel> sorted = new ArrayList<>(models);
    sorted.sort(Comparator.comparingLong(SizedModel::parameters).reversed());
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).parameters() == sorted.get(i - 1).parameters()) {
        throw new IllegalArgumentException(
            "models must differ in size to be ordered by it but '%s' and '%s' have %s parameters"
                .formatted(
                    sorted.get(i - 1).name(), sorted.get(i).name(), sorted.get(i).parameters()));
      }
    }
    return new AssumedOrder(
        sorted.stream()
            .map(m -> new ResponseConfiguration(m.name(), m.model(), style, sampling))
            .toList());
  }

  /** Whether blanks around answers tell who gave them, so that they must go. */
  boolean stripsAnswers() {
    return bestFirst.stream().anyMatch(c -> !c.style().isPlain());
  }
}
