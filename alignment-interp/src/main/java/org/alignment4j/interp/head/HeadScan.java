package org.alignment4j.interp.head;

import com.google.common.collect.Iterables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.statistics.Estimates;
import org.alignment4j.interp.weights.Matrix;
import org.apiguardian.api.API;

/**
 * Runs a model over sequences and scores the pattern of every head in each. Immutable and
 * thread-safe.
 *
 * @param batch sequences of one run, whose patterns of all layers, {@code layers·heads·T²} numbers
 *     a sequence, are in memory together
 * @param confidence level of the intervals, in (0, 1)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadScan(int batch, double confidence) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if the batch is not positive or the level outside (0, 1)
   */
  public HeadScan {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be positive but was " + batch);
    }
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException("confidence must be in (0, 1) but was " + confidence);
    }
  }

  /** Eight sequences a run, intervals at level 0.95. */
  public static HeadScan defaults() {
    return new HeadScan(8, Estimates.DEFAULT_CONFIDENCE);
  }

  /**
   * The scores of every head, as means over the sequences.
   *
   * @param model any model with hook points, changed ones included
   * @param sequences what it reads; lengths may differ
   * @param scores what to score, by name
   * @param cancellation asks to stop before the next batch
   * @return the scores by name, in the order given
   * @throws IllegalArgumentException if there is no sequence, the model cannot read one, or a score
   *     does not fit it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public Map<String, HeadScores> run(
      HookedModel model,
      List<TokenIds> sequences,
      Map<String, PatternScore> scores,
      CancellationToken cancellation) {
    if (sequences.isEmpty()) {
      throw new IllegalArgumentException("sequences must be at least one but there was none");
    }
    int layers = model.layerCount();
    Map<String, List<List<Observations>>> observed = new LinkedHashMap<>();
    for (String name : scores.keySet()) {
      List<List<Observations>> ofLayers = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        ofLayers.add(new ArrayList<>());
      }
      observed.put(name, ofLayers);
    }
    for (List<TokenIds> part : Iterables.partition(sequences, batch)) {
      cancellation.throwIfCancelled("the scan of heads");
      ActivationCache cache =
          model.forward(part).cache(HookPoints.pattern(Layers.all())).execute(cancellation).cache();
      for (int layer = 0; layer < layers; layer++) {
        Values patterns = cache.values(HookPoints.pattern(layer));
        for (Map.Entry<String, PatternScore> score : scores.entrySet()) {
          add(
              patterns,
              part,
              score.getValue(),
              Objects.requireNonNull(observed.get(score.getKey())).get(layer));
        }
      }
    }
    Map<String, HeadScores> results = new LinkedHashMap<>();
    observed.forEach(
        (name, ofLayers) ->
            results.put(
                name,
                new HeadScores(
                    name,
                    ofLayers.stream()
                        .map(heads -> heads.stream().map(o -> o.estimate(confidence)).toList())
                        .toList())));
    return results;
  }

  /** Scores {@code [batch, head, query, key]}, sequences being padded on the right. */
  private static void add(
      Values patterns, List<TokenIds> part, PatternScore score, List<Observations> heads) {
    int[] shape = patterns.shape();
    float[] data = patterns.toArray();
    int length = shape[2];
    while (heads.size() < shape[1]) {
      heads.add(new Observations());
    }
    for (int row = 0; row < shape[0]; row++) {
      TokenIds tokens = part.get(row);
      for (int head = 0; head < shape[1]; head++) {
        int from = (row * shape[1] + head) * length * length;
        Matrix pattern =
            Matrix.generate(tokens.size(), tokens.size(), (q, k) -> data[from + q * length + k]);
        heads.get(head).add(score.of(pattern, tokens));
      }
    }
  }

  /** What one head scored so far. */
  private static final class Observations {
    private final List<Double> values = new ArrayList<>();
    private int unscored;

    void add(OptionalDouble score) {
      if (score.isPresent()) {
        values.add(score.getAsDouble());
      } else {
        unscored++;
      }
    }

    Estimate estimate(double confidence) {
      double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
      return Estimates.withMissing(Estimates.mean(all, confidence), unscored, 0);
    }
  }
}
