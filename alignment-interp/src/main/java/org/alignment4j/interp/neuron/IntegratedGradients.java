package org.alignment4j.interp.neuron;

import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.Selectors.pos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edits;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.MetricResult;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.fact.Cloze;
import org.apiguardian.api.API;

/**
 * Integrated gradients of an answer's probability over a layer's neurons after activation, at the
 * prompt's last position (Dai et al. 2022, equations 2 and 3; Sundararajan et al. 2017): {@code
 * Attr(w_i) = w_i / m * sum_k dP(y | a_k w) / dw_i}, the scales {@code a_k} in (0, 1) multiplying
 * the whole layer's vector {@code w}, the baseline 0. As m grows the attributions of a layer sum to
 * {@code P(w) - P(0)} (completeness). The m scaled copies of a layer are one batch.
 *
 * <p>Of an answer of several tokens it is the mean over its tokens, each read at the position
 * before it. Immutable and thread-safe.
 *
 * @param steps number m of scales
 * @param points where the scales lie
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IntegratedGradients(int steps, PathPoints points) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when there are too few steps
   */
  public IntegratedGradients {
    Objects.requireNonNull(points, "points");
    points.scales(steps);
  }

  /** Returns the usual form: 20 steps at midpoints. */
  public static IntegratedGradients usual() {
    return new IntegratedGradients(20, PathPoints.MIDPOINT);
  }

  /**
   * The attributions of all neurons of all layers.
   *
   * @param model the model
   * @param cloze prompt and answer
   * @param cancellation asks to stop, between layers
   * @return the attributions
   * @throws IllegalArgumentException when the tokens do not fit the model, or it has no neurons to
   *     read
   * @throws IllegalStateException when a Java function changes the model's activations
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public NeuronAttribution attribute(
      HookedModel model, Cloze cloze, CancellationToken cancellation) {
    List<double[]> sums = new ArrayList<>();
    List<double[]> activations = new ArrayList<>();
    double[] without = new double[model.layerCount()];
    double probability = 0;
    int tokens = cloze.target().size();
    for (int t = 0; t < tokens; t++) {
      TokenIds sequence = cloze.prompt().concat(cloze.target().slice(0, t));
      LogitMetric metric = LogitMetric.probability(cloze.target().get(t));
      MetricResult plain =
          model.forward(sequence).cache(mlpPost(Layers.all())).measure(metric, cancellation);
      probability += plain.metric()[0] / tokens;
      for (int layer = 0; layer < without.length; layer++) {
        cancellation.throwIfCancelled("attribution to neurons");
        Values kept = plain.cache().values(mlpPost(layer));
        float[] vector = row(kept.toArray(), 0, sequence.size(), kept.shape()[2]);
        if (t == 0) {
          sums.add(new double[vector.length]);
          activations.add(new double[vector.length]);
        }
        double[] scores = scores(model, sequence, layer, vector, metric, cancellation);
        without[layer] += silenced(model, sequence, layer, metric, cancellation) / tokens;
        for (int i = 0; i < vector.length; i++) {
          sums.get(layer)[i] += scores[i] / tokens;
          activations.get(layer)[i] += (double) vector[i] / tokens;
        }
      }
    }
    return new NeuronAttribution(sums, activations, probability, without);
  }

  private double[] scores(
      HookedModel model,
      TokenIds sequence,
      int layer,
      float[] vector,
      LogitMetric metric,
      CancellationToken cancellation) {
    double[] scales = points.scales(steps);
    int width = vector.length;
    float[] scaled = new float[steps * width];
    for (int k = 0; k < steps; k++) {
      for (int i = 0; i < width; i++) {
        scaled[k * width + i] = (float) (scales[k] * vector[i]);
      }
    }
    HookPoint<Axes.Mlp> point = mlpPost(layer);
    GradientResult result =
        model
            .forward(Collections.nCopies(steps, sequence))
            .with(
                Edits.replace(
                    point,
                    Values.of(new int[] {steps, 1, width}, scaled),
                    pos(sequence.size() - 1)))
            .gradients(metric, List.of(point), cancellation);
    float[] gradients = result.gradients().values(point).toArray();
    double[] scores = new double[width];
    for (int k = 0; k < steps; k++) {
      float[] gradient = row(gradients, k, sequence.size(), width);
      for (int i = 0; i < width; i++) {
        scores[i] += (double) gradient[i] * vector[i] / steps;
      }
    }
    return scores;
  }

  private static double silenced(
      HookedModel model,
      TokenIds sequence,
      int layer,
      LogitMetric metric,
      CancellationToken cancellation) {
    ForwardRun run =
        model.forward(sequence).with(Edits.zero(mlpPost(layer), pos(sequence.size() - 1)));
    return run.measure(metric, cancellation).metric()[0];
  }

  /** The vector of the last position of a run's row, whose sequences are all as long. */
  private static float[] row(float[] values, int row, int length, int width) {
    int start = (row * length + length - 1) * width;
    return Arrays.copyOfRange(values, start, start + width);
  }
}
