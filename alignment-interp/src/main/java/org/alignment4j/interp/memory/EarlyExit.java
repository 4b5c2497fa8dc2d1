package org.alignment4j.interp.memory;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.weights.TokenScore;
import org.alignment4j.interp.weights.TransformerWeights;
import org.apiguardian.api.API;

/**
 * Where a model could stop: after the first layer that leaves the most likely tokens of the stream,
 * as the unembedding reads it, as the layer before left them (Geva et al. 2022, section 6.2).
 * Immutable and thread-safe.
 *
 * @param candidates how many of the most likely tokens must stay, in their order
 * @param batch sequences of one run
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EarlyExit(int candidates, int batch) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public EarlyExit {
    if (candidates < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "candidates and batch must be positive but were " + candidates + " and " + batch);
    }
  }

  /**
   * What stopping early would do.
   *
   * @param layers for each sequence, for each token, the layer after which it stops
   * @param agreement share of tokens whose most likely next token is the one of the last layer;
   *     tokens of one sequence are a cluster
   * @param saved mean share of the layers that are not computed
   */
  public record Report(List<int[]> layers, Estimate agreement, Estimate saved) {

    /** Copies. */
    public Report {
      layers = layers.stream().map(int[]::clone).toList();
    }

    @Override
    public List<int[]> layers() {
      return layers.stream().map(int[]::clone).toList();
    }
  }

  /**
   * Looks at every token of sequences.
   *
   * @param model the model
   * @param weights its weights, processed or not
   * @param sequences what it reads
   * @param cancellation asks to stop before the next batch
   * @throws IllegalArgumentException if the model cannot read a sequence, or the weights are of
   *     another width
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public Report run(
      HookedModel model,
      TransformerWeights weights,
      List<TokenIds> sequences,
      CancellationToken cancellation) {
    List<int[]> exits = new ArrayList<>();
    List<Double> same = new ArrayList<>();
    List<Double> saved = new ArrayList<>();
    List<Integer> clusters = new ArrayList<>();
    int layers = model.layerCount();
    for (List<TokenIds> part : Iterables.partition(sequences, batch)) {
      cancellation.throwIfCancelled("the search for early exits");
      ActivationCache cache =
          model
              .forward(part)
              .cache(HookPoints.residPost(Layers.all()))
              .execute(cancellation)
              .cache();
      List<Values> streams = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        streams.add(cache.values(HookPoints.residPost(layer)));
      }
      List<float[]> data = streams.stream().map(Values::toArray).toList();
      for (int row = 0; row < part.size(); row++) {
        int[] ofTokens = new int[part.get(row).size()];
        for (int t = 0; t < ofTokens.length; t++) {
          int width = streams.get(0).shape()[2];
          int from = (row * streams.get(0).shape()[1] + t) * width;
          List<List<Integer>> tops = new ArrayList<>();
          for (float[] stream : data) {
            tops.add(top(weights, Arrays.copyOfRange(stream, from, from + width)));
          }
          ofTokens[t] = exit(tops);
          int first = tops.get(ofTokens[t]).get(0);
          same.add(first == tops.get(layers - 1).get(0) ? 1.0 : 0.0);
          saved.add((layers - 1 - ofTokens[t]) / (double) layers);
          clusters.add(exits.size());
        }
        exits.add(ofTokens);
      }
    }
    int[] ofSequences = clusters.stream().mapToInt(Integer::intValue).toArray();
    return new Report(
        exits,
        Estimates.clusteredProportion(doubles(same), ofSequences),
        Estimates.clusteredMean(doubles(saved), ofSequences));
  }

  /** The first layer whose candidates are those of the layer before; the last where none is. */
  static int exit(List<List<Integer>> tops) {
    for (int layer = 1; layer < tops.size(); layer++) {
      if (tops.get(layer).equals(tops.get(layer - 1))) {
        return layer;
      }
    }
    return tops.size() - 1;
  }

  private List<Integer> top(TransformerWeights weights, float[] stream) {
    double[] residual = new double[stream.length];
    for (int i = 0; i < residual.length; i++) {
      residual[i] = stream[i];
    }
    return TokenScore.greatest(weights.logits(residual), candidates).stream()
        .map(TokenScore::token)
        .toList();
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
