package org.alignment4j.rlhf.reward;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How far reward models rank answers alike: for each two models the share of comparisons of which
 * both prefer the same answer or neither, one half where only one of them prefers any. It is not
 * corrected for chance, which gives about one half. Intervals are Wilson's at level 0.95 and count
 * the comparisons of one prompt as dependent on each other. Immutable.
 *
 * @param names names of the models
 * @param shares {@code [model][model]}, symmetric, 1 on the diagonal
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RewardAgreement(List<String> names, List<List<Estimate>> shares) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException when there is not a row and a column for each name
   */
  public RewardAgreement {
    names = List.copyOf(names);
    shares = shares.stream().map(List::copyOf).toList();
    int count = names.size();
    if (shares.size() != count || shares.stream().anyMatch(row -> row.size() != count)) {
      throw new IllegalArgumentException(
          "shares must have a row and a column for each of " + names + " but are " + shares);
    }
  }

  /**
   * Scores both answers of every comparison by every model and compares.
   *
   * @param models reward models by name, in the order to show them, at least two
   * @param comparisons answers to compare, at least one
   * @param cancellation asks to stop
   * @return the agreement
   * @throws IllegalArgumentException when there are too few models or comparisons, or an answer
   *     does not fit a model, named
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails, named
   */
  public static RewardAgreement of(
      Map<String, ? extends RewardModel> models,
      List<Comparison> comparisons,
      CancellationToken cancellation) {
    if (models.size() < 2 || comparisons.isEmpty()) {
      throw new IllegalArgumentException(
          "agreement must be of at least two models and one comparison but is of %s and %s"
              .formatted(models.size(), comparisons.size()));
    }
    List<PromptCompletion> answers = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      answers.add(new PromptCompletion(comparison.prompt(), comparison.first()));
      answers.add(new PromptCompletion(comparison.prompt(), comparison.second()));
    }
    Map<String, int[]> preferences = new LinkedHashMap<>();
    models.forEach(
        (name, model) ->
            preferences.put(name, preferences(Members.scores(name, model, answers, cancellation))));
    int[] prompts = prompts(comparisons);
    List<List<Estimate>> shares = new ArrayList<>();
    for (int[] first : preferences.values()) {
      List<Estimate> row = new ArrayList<>();
      for (int[] second : preferences.values()) {
        row.add(Estimates.clusteredProportion(alike(first, second), prompts));
      }
      shares.add(row);
    }
    return new RewardAgreement(List.copyOf(preferences.keySet()), shares);
  }

  /** 1 where the first answer has the higher reward, −1 where the second has, 0 for a tie. */
  private static int[] preferences(double[] rewards) {
    int[] preferences = new int[rewards.length / 2];
    for (int i = 0; i < preferences.length; i++) {
      double difference = rewards[2 * i] - rewards[2 * i + 1];
      preferences[i] = difference > 0 ? 1 : difference < 0 ? -1 : 0;
    }
    return preferences;
  }

  private static double[] alike(int[] first, int[] second) {
    double[] alike = new double[first.length];
    for (int i = 0; i < alike.length; i++) {
      alike[i] = 1 - Math.abs(first[i] - second[i]) / 2.0;
    }
    return alike;
  }

  private static int[] prompts(List<Comparison> comparisons) {
    Map<Prompt, Integer> numbers = new HashMap<>();
    return comparisons.stream()
        .mapToInt(c -> numbers.computeIfAbsent(c.prompt(), p -> numbers.size()))
        .toArray();
  }

  /**
   * Returns the share of two models.
   *
   * @param first name of one model
   * @param second name of the other
   * @return how often they rank alike
   * @throws IllegalArgumentException when a name is unknown
   */
  public Estimate between(String first, String second) {
    return shares.get(index(first)).get(index(second));
  }

  private int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "name must be one of %s but was '%s'".formatted(names, name));
    }
    return index;
  }
}
