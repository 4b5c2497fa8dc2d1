package org.alignment4j.interp.diff;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.feature.HookRows;
import org.alignment4j.interp.feature.SparseAutoencoder;
import org.apiguardian.api.API;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares how often the features of a sparse autoencoder fire in two models on the same tokens.
 * The autoencoder is of the model before, as a rule; what it reads of the model after is as good as
 * it reconstructs that, which {@code SaeEvaluation} tells. Immutable.
 *
 * @param diff the models
 * @param autoencoder of either model
 * @param excluded tokens that do not count, such as {@code tokenizer.specialIds()}
 * @param confidence level of all intervals together, in (0, 1)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FeatureComparison(
    CircuitDiff diff, SparseAutoencoder autoencoder, Set<Integer> excluded, double confidence) {

  /**
   * Copies.
   *
   * @throws IllegalArgumentException if the level is outside (0, 1), or the autoencoder was not
   *     {@linkplain SparseAutoencoder#requireFolded folded}
   */
  public FeatureComparison {
    autoencoder.requireFolded();
    excluded = Set.copyOf(excluded);
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1) but was " + confidence);
    }
  }

  /**
   * Compares, one prompt a forward pass.
   *
   * @param prompts what both models read, at least two
   * @param cancellation asks to stop at the next prompt
   * @return one a feature, in order
   * @throws IllegalArgumentException if there are fewer than two prompts, no token of one counts,
   *     or the models lack the autoencoder's hook point or have another width there
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public List<FeatureChange> compare(List<TokenIds> prompts, CancellationToken cancellation) {
    if (prompts.size() < 2) {
      throw new IllegalArgumentException(
          "prompts must be at least two, or nothing says how sure a difference is, but were "
              + prompts.size());
    }
    int width = autoencoder.config().width();
    double[][] first = new double[width][prompts.size()];
    double[][] second = new double[width][prompts.size()];
    double[] activationFirst = new double[width];
    double[] activationSecond = new double[width];
    for (int i = 0; i < prompts.size(); i++) {
      cancellation.throwIfCancelled("comparison of features");
      read(diff.before(), prompts, i, first, activationFirst, cancellation);
      read(diff.after(), prompts, i, second, activationSecond, cancellation);
    }
    double level = 1 - (1 - confidence) / width;
    List<FeatureChange> changes = new ArrayList<>();
    for (int feature = 0; feature < width; feature++) {
      changes.add(
          new FeatureChange(
              feature,
              mean(first[feature]),
              mean(second[feature]),
              Estimates.pairedDifference(second[feature], first[feature], level),
              activationFirst[feature] / prompts.size(),
              activationSecond[feature] / prompts.size()));
    }
    return changes;
  }

  private void read(
      HookedModel model,
      List<TokenIds> prompts,
      int prompt,
      double[][] rates,
      double[] activations,
      CancellationToken cancellation) {
    TokenIds tokens = prompts.get(prompt);
    HookPoint<?> point = autoencoder.config().site().point();
    int size = autoencoder.config().inputSize();
    HookRows rows =
        HookRows.of(model.forward(tokens).cache(point).execute(cancellation).cache(), point, size);
    float[] kept =
        rows.kept(rows.marked((sequence, position) -> !excluded.contains(tokens.get(position))));
    int count = kept.length / size;
    if (count == 0) {
      throw new IllegalArgumentException(
          "every prompt must have a token that counts but all of prompt "
              + prompt
              + " are excluded");
    }
    float[] features =
        autoencoder
            .encode(Nd4j.createFromArray(kept).reshape('c', count, size))
            .dup('c')
            .data()
            .asFloat();
    int width = rates.length;
    for (int i = 0; i < features.length; i++) {
      rates[i % width][prompt] += features[i] > 0 ? 1.0 / count : 0;
      activations[i % width] += features[i] / count;
    }
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
