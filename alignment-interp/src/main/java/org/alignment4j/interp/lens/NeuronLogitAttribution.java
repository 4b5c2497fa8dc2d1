package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Layers;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.LayerWeights;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.apiguardian.api.API;

/**
 * What each MLP neuron adds to a linear combination of logits, with the final norm at the scale
 * that the whole stream has: {@code attr_i = a_i / scale · (W_out[i] − mean(W_out[i])) · w · W_U ·
 * weights}, where norms that do not centre leave the mean in (Elhage et al. 2021; TransformerLens,
 * {@code get_neuron_results}). With the output bias's own share the neurons of a layer sum to what
 * {@link DirectLogitAttribution} gives to the layer's MLP; nothing of {@code [neurons, dModel]} is
 * held for any place. A soft cap is left out. Immutable.
 *
 * @param modelId the model
 * @param metric what is attributed
 * @param layers first to last
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronLogitAttribution(String modelId, LogitMetric metric, List<Layer> layers) {

  /** Rounding that a sum over neurons may show, relative to the largest value. */
  private static final double TOLERANCE = 1e-3;

  /**
   * One layer.
   *
   * @param values by sequence and neuron
   * @param biases by sequence: what the output bias adds
   */
  public record Layer(List<double[]> values, double[] biases) {
    /** Copies the arrays. */
    public Layer {
      values = values.stream().map(double[]::clone).toList();
      biases = biases.clone();
    }

    @Override
    public List<double[]> values() {
      return values.stream().map(double[]::clone).toList();
    }

    @Override
    public double[] biases() {
      return biases.clone();
    }
  }

  /**
   * A neuron and what it adds.
   *
   * @param layer from 0
   * @param neuron from 0
   * @param value its attribution
   */
  public record Share(int layer, int neuron, double value) {}

  /** Copies the list. */
  public NeuronLogitAttribution {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(metric, "metric");
    layers = List.copyOf(layers);
  }

  /**
   * Returns the neurons that add or take away most.
   *
   * @param sequence which sequence, from 0
   * @param count how many
   * @return the largest magnitudes, largest first; of equal ones the lower layer and neuron first
   * @throws IndexOutOfBoundsException when there is no such sequence
   */
  public List<Share> strongest(int sequence, int count) {
    List<Share> all = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      double[] own = layers.get(layer).values.get(sequence);
      for (int neuron = 0; neuron < own.length; neuron++) {
        all.add(new Share(layer, neuron, own[neuron]));
      }
    }
    all.sort(Comparator.comparingDouble(share -> -Math.abs(share.value())));
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }

  /**
   * Attributes a combination of logits.
   *
   * @param model the model, perhaps with interventions
   * @param weights its weights, unprocessed
   * @param sequences the tokens of each sequence
   * @param metric a combination of logits, such as {@link LogitMetric#logitDifference}
   * @param cancellation asks to stop
   * @return the attributions
   * @throws IllegalArgumentException when the metric is not of logits or does not fit the sequences
   *     or the vocabulary, or the weights are of another model
   * @throws IllegalStateException when an MLP's output is no sum over its neurons, as where it is
   *     normalised or experts are chosen
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static NeuronLogitAttribution of(
      HookedModel model,
      TransformerWeights weights,
      List<TokenIds> sequences,
      LogitMetric metric,
      CancellationToken cancellation) {
    FrozenEnd.requireLinear(metric);
    if (weights.layers().size() != model.layerCount()) {
      throw new IllegalArgumentException(
          "weights must be those of the model, of "
              + model.layerCount()
              + " layers, but have "
              + weights.layers().size());
    }
    List<Affine> outs = new ArrayList<>();
    for (int layer = 0; layer < model.layerCount(); layer++) {
      outs.add(out(weights.layer(layer), layer));
    }
    List<HookPointSet<?>> points = new ArrayList<>(FrozenEnd.points(model));
    points.add(HookPoints.mlpPost(Layers.all()));
    points.add(HookPoints.mlpOut(Layers.all()));
    points.add(HookPoints.residPost(model.layerCount() - 1));
    ActivationCache cache =
        model
            .forward(sequences)
            .cache(points.toArray(HookPointSet<?>[]::new))
            .execute(cancellation)
            .cache();
    Values stream = cache.values(HookPoints.residPost(model.layerCount() - 1));
    FrozenEnd end = FrozenEnd.of(model, cache, stream, metric);
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < outs.size(); layer++) {
      cancellation.throwIfCancelled("the attribution to neurons");
      layers.add(layer(cache, end, outs.get(layer), layer));
    }
    return new NeuronLogitAttribution(model.id(), metric, layers);
  }

  private static Affine out(LayerWeights weights, int layer) {
    if (weights.ln2Post() == null) {
      if (weights.mlp() instanceof MlpWeights.Plain plain) {
        return plain.out();
      }
      if (weights.mlp() instanceof MlpWeights.Gated gated) {
        return gated.out();
      }
    }
    throw new IllegalStateException(
        "an MLP's output must be a sum over its neurons but that of layer "
            + layer
            + (weights.ln2Post() == null ? " is chosen among experts" : " is normalised")
            + "; DirectLogitAttribution has each layer's whole MLP");
  }

  private static Layer layer(ActivationCache cache, FrozenEnd end, Affine out, int layer) {
    Values activations = cache.values(HookPoints.mlpPost(layer));
    Values written = cache.values(HookPoints.mlpOut(layer));
    List<double[]> values = new ArrayList<>();
    double[] biases = new double[cache.tokens().size()];
    for (int row = 0; row < biases.length; row++) {
      double[] own = new double[out.weight().rows()];
      for (int p = 0; p < cache.tokens().get(row).size(); p++) {
        biases[row] += add(activations, end.direction(row, p), out, row, p, own);
      }
      double sum = biases[row];
      for (double value : own) {
        sum += value;
      }
      requireSum(sum, end.product(written, row), layer);
      values.add(own);
    }
    return new Layer(values, biases);
  }

  /** Adds what neurons at one place add; returns the bias's share. */
  private static double add(
      Values activations, double[] direction, Affine out, int row, int position, double[] own) {
    Matrix weight = out.weight();
    boolean read = false;
    for (double component : direction) {
      read |= component != 0;
    }
    if (!read) {
      return 0;
    }
    double bias = 0;
    for (int c = 0; c < direction.length; c++) {
      bias += out.bias().get(0, c) * direction[c];
    }
    for (int neuron = 0; neuron < own.length; neuron++) {
      double product = 0;
      for (int c = 0; c < direction.length; c++) {
        product += weight.get(neuron, c) * direction[c];
      }
      own[neuron] += activations.get(row, position, neuron) * product;
    }
    return bias;
  }

  private static void requireSum(double sum, double whole, int layer) {
    if (!(Math.abs(sum - whole) <= TOLERANCE * Math.max(1, Math.abs(whole)))) {
      throw new IllegalStateException(
          "the neurons of layer "
              + layer
              + " must sum to what its MLP adds, "
              + whole
              + ", but sum to "
              + sum
              + "; give the weights of this model, unprocessed, and take edits of its output away");
    }
  }
}
