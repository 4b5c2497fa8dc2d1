package org.alignment4j.interp.neuron;

import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/** What each neuron contributes to an answer's probability. Immutable. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NeuronAttribution {

  private final List<double[]> scores;
  private final List<double[]> activations;
  private final double probability;
  private final double[] without;

  NeuronAttribution(
      List<double[]> scores, List<double[]> activations, double probability, double[] without) {
    this.scores = List.copyOf(scores);
    this.activations = List.copyOf(activations);
    this.probability = probability;
    this.without = without.clone();
  }

  /** Returns the number of layers. */
  public int layers() {
    return scores.size();
  }

  /**
   * Returns the attributions of a layer.
   *
   * @param layer the layer, from 0
   * @return a new array {@code [dMlp]}
   * @throws IndexOutOfBoundsException when there is no such layer
   */
  public double[] layer(int layer) {
    return scores.get(layer).clone();
  }

  /**
   * Returns the activations of a layer that the attributions are of.
   *
   * @param layer the layer, from 0
   * @return a new array {@code [dMlp]}
   * @throws IndexOutOfBoundsException when there is no such layer
   */
  public double[] activation(int layer) {
    return activations.get(layer).clone();
  }

  /** Returns the answer's probability; of several tokens their mean. */
  public double probability() {
    return probability;
  }

  /**
   * Returns how far a layer's attributions are from summing to {@code P(w) - P(0)}, in units of
   * probability: the error of the sum that stands for the integral.
   *
   * @param layer the layer, from 0
   * @throws IndexOutOfBoundsException when there is no such layer
   */
  public double completenessError(int layer) {
    return Arrays.stream(scores.get(layer)).sum() - (probability - without[layer]);
  }

  /** Returns the greatest attribution of any neuron. */
  public double greatest() {
    return scores.stream().flatMapToDouble(Arrays::stream).max().orElse(0);
  }

  /** Returns the attribution of a neuron. */
  public double of(Neuron neuron) {
    return scores.get(neuron.layer())[neuron.index()];
  }
}
