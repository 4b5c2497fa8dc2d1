package org.alignment4j.interp.fact;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/** How probable a model finds answers. Stateless, thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClozeScores {

  /** Prompts that run together. */
  private static final int BATCH = 32;

  /** Prompts that run together where all logits are kept. */
  private static final int LOGITS_BATCH = 8;

  private ClozeScores() {}

  /**
   * The natural log-probabilities of answers, each summed over its tokens.
   *
   * @param model the model
   * @param clozes prompts with answers
   * @param cancellation asks to stop, between batches
   * @return one number for each
   * @throws IllegalArgumentException when tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static double[] logProbabilities(
      HookedModel model, List<Cloze> clozes, CancellationToken cancellation) {
    return logProbabilities(model, clozes, List.of(), cancellation);
  }

  /**
   * The natural log-probabilities of answers while activations are changed.
   *
   * @param model the model
   * @param clozes prompts with answers
   * @param interventions what is changed in every run
   * @param cancellation asks to stop, between batches
   * @return one number for each
   * @throws IllegalArgumentException when tokens or interventions do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static double[] logProbabilities(
      HookedModel model,
      List<Cloze> clozes,
      List<? extends Intervention<?>> interventions,
      CancellationToken cancellation) {
    double[] scores = new double[clozes.size()];
    for (int from = 0; from < scores.length; from += BATCH) {
      cancellation.throwIfCancelled("scoring of answers");
      List<Cloze> batch = clozes.subList(from, Math.min(scores.length, from + BATCH));
      double[] metric =
          model
              .forward(batch.stream().map(Cloze::sequence).toList())
              .with(interventions)
              .measure(
                  LogitMetric.each(batch.stream().map(Cloze::logProbability).toList()),
                  cancellation)
              .metric();
      System.arraycopy(metric, 0, scores, from, metric.length);
    }
    return scores;
  }

  /**
   * The share of each answer's tokens that are the model's first choice given those before them
   * (the accuracy of zsRE in Meng et al. 2022). Of equal logits the least id is the first choice.
   *
   * @param model the model
   * @param clozes prompts with answers
   * @param cancellation asks to stop, between batches
   * @return one share for each
   * @throws IllegalArgumentException when tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static double[] tokenAccuracies(
      HookedModel model, List<Cloze> clozes, CancellationToken cancellation) {
    double[] shares = new double[clozes.size()];
    for (int from = 0; from < shares.length; from += LOGITS_BATCH) {
      cancellation.throwIfCancelled("scoring of answers");
      List<Cloze> batch = clozes.subList(from, Math.min(shares.length, from + LOGITS_BATCH));
      ForwardResult result =
          model.forward(batch.stream().map(Cloze::sequence).toList()).execute(cancellation);
      for (int row = 0; row < batch.size(); row++) {
        TokenIds target = batch.get(row).target();
        int right = 0;
        for (int t = 0; t < target.size(); t++) {
          float[] logits = result.logits(row, batch.get(row).prompt().size() - 1 + t);
          right += first(logits) == target.get(t) ? 1 : 0;
        }
        shares[from + row] = (double) right / target.size();
      }
    }
    return shares;
  }

  private static int first(float[] logits) {
    int best = 0;
    for (int t = 1; t < logits.length; t++) {
      best = logits[t] > logits[best] ? t : best;
    }
    return best;
  }

  /**
   * The perplexity of answers: {@code exp(-sum of log-probabilities / number of tokens)}.
   *
   * @param model the model
   * @param clozes prompts with answers, at least one
   * @param cancellation asks to stop, between batches
   * @return at least 1
   * @throws IllegalArgumentException when there is no answer, or tokens do not fit the model
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static double perplexity(
      HookedModel model, List<Cloze> clozes, CancellationToken cancellation) {
    if (clozes.isEmpty()) {
      throw new IllegalArgumentException("a perplexity needs at least one answer but had none");
    }
    double sum = 0;
    for (double logProbability : logProbabilities(model, clozes, cancellation)) {
      sum += logProbability;
    }
    return Math.exp(-sum / clozes.stream().mapToInt(cloze -> cloze.target().size()).sum());
  }
}
