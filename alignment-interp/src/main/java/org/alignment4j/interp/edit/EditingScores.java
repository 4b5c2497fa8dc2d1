package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.fact.Cloze;
import org.alignment4j.interp.fact.ClozeScores;
import org.alignment4j.interp.fact.CounterFact;
import org.alignment4j.interp.fact.FactEncoder;
import org.apiguardian.api.API;

/**
 * What an edit changed and what it left (Meng et al. 2022, section 3.4). Answers are compared by
 * their mean log-probability a token; a tie is a failure. Intervals take the prompts of a fact as
 * one cluster. Immutable.
 *
 * @param efficacy ES: share of facts whose prompt prefers the new answer to the true one
 * @param paraphrase PS: share of the paraphrases that do
 * @param specificity NS: share of the neighbours' prompts that prefer the true answer to the new
 *     one
 * @param score S: harmonic mean of the three, 0 when one of them is 0; unknown when facts have no
 *     paraphrases or neighbours
 * @param tokenAccuracy share of the new answers' tokens that are the model's first choice
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditingScores(
    Estimate efficacy,
    Estimate paraphrase,
    Estimate specificity,
    Estimate score,
    Estimate tokenAccuracy) {

  /**
   * Measures a model.
   *
   * @param model the model, edited or not
   * @param facts what it is asked; at least one
   * @param bootstrap makes the interval of S
   * @param cancellation asks to stop, between batches
   * @return the scores
   * @throws IllegalArgumentException when there is no fact, or prompt and answer of one cannot be
   *     told apart as tokens
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static EditingScores measure(
      HookedModel model,
      List<CounterFact> facts,
      Bootstrap bootstrap,
      CancellationToken cancellation) {
    if (facts.isEmpty()) {
      throw new IllegalArgumentException("editing scores need at least one fact but had none");
    }
    FactEncoder encoder = new FactEncoder(model.tokenizer());
    List<List<String>> own = facts.stream().map(f -> List.of(f.fact().prompt())).toList();
    List<List<String>> paraphrases = facts.stream().map(f -> f.fact().paraphrases()).toList();
    List<List<String>> neighbours = facts.stream().map(f -> f.fact().neighbourhood()).toList();
    double[][] rewrite = preferences(model, encoder, facts, own, cancellation);
    double[][] other = preferences(model, encoder, facts, paraphrases, cancellation);
    double[][] near = preferences(model, encoder, facts, neighbours, cancellation);
    for (double[] outcomes : near) {
      // A neighbour succeeds where the true answer is strictly preferred.
      Arrays.setAll(outcomes, i -> -outcomes[i]);
    }
    List<Cloze> answers =
        facts.stream().map(f -> encoder.cloze(f.fact().prompt(), f.newTarget())).toList();
    return new EditingScores(
        share(rewrite),
        share(other),
        share(near),
        harmonic(bootstrap, rewrite, other, near),
        Estimates.proportion(ClozeScores.tokenAccuracies(model, answers, cancellation)));
  }

  /** Mean log-probability of the new answer minus that of the true one, by fact and prompt. */
  private static double[][] preferences(
      HookedModel model,
      FactEncoder encoder,
      List<CounterFact> facts,
      List<List<String>> prompts,
      CancellationToken cancellation) {
    List<Cloze> clozes = new ArrayList<>();
    for (int f = 0; f < facts.size(); f++) {
      for (String prompt : prompts.get(f)) {
        clozes.add(encoder.cloze(prompt, facts.get(f).newTarget()));
        clozes.add(encoder.cloze(prompt, facts.get(f).fact().target()));
      }
    }
    double[] scores = ClozeScores.logProbabilities(model, clozes, cancellation);
    double[][] preferences = new double[facts.size()][];
    int at = 0;
    for (int f = 0; f < preferences.length; f++) {
      preferences[f] = new double[prompts.get(f).size()];
      for (int p = 0; p < preferences[f].length; p++) {
        double wanted = scores[at] / clozes.get(at).target().size();
        double old = scores[at + 1] / clozes.get(at + 1).target().size();
        preferences[f][p] = wanted - old;
        at += 2;
      }
    }
    return preferences;
  }

  private static Estimate share(double[][] preferences) {
    int n = Arrays.stream(preferences).mapToInt(p -> p.length).sum();
    double[] outcomes = new double[n];
    int[] clusters = new int[n];
    int at = 0;
    for (int f = 0; f < preferences.length; f++) {
      for (double preference : preferences[f]) {
        outcomes[at] = preference > 0 ? 1 : 0;
        clusters[at++] = f;
      }
    }
    return Estimates.clusteredProportion(outcomes, clusters);
  }

  private static Estimate harmonic(Bootstrap bootstrap, double[][]... kinds) {
    for (double[][] kind : kinds) {
      if (Arrays.stream(kind).allMatch(fact -> fact.length == 0)) {
        return Estimates.mean(new double[0]);
      }
    }
    return bootstrap.of(kinds[0].length, items -> harmonicMean(rates(kinds, items))).estimate();
  }

  private static double[] rates(double[][][] kinds, int[] items) {
    double[] rates = new double[kinds.length];
    for (int k = 0; k < kinds.length; k++) {
      int successes = 0;
      int n = 0;
      for (int item : items) {
        for (double preference : kinds[k][item]) {
          successes += preference > 0 ? 1 : 0;
          n++;
        }
      }
      rates[k] = n == 0 ? Double.NaN : (double) successes / n;
    }
    return rates;
  }

  /** Harmonic mean, 0 when a rate is 0. */
  static double harmonicMean(double... rates) {
    double inverse = 0;
    for (double rate : rates) {
      if (rate == 0) {
        return 0;
      }
      inverse += 1 / rate;
    }
    return rates.length / inverse;
  }
}
