package org.alignment4j.interp.neuron;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.alignment4j.interp.edit.DownProjection;
import org.alignment4j.interp.edit.ModelEdit;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * Facts updated and relations erased in the value vectors of knowledge neurons (Dai et al. 2022,
 * section 5), as weight edits that can be undone to the bit. Stateless, thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class NeuronWeightEdits {

  /** Takes the old answer away with the strength of the paper. */
  public static final double OLD_STRENGTH = 1;

  /** Puts the new answer in place with the strength of the paper. */
  public static final double NEW_STRENGTH = 8;

  private NeuronWeightEdits() {}

  /**
   * Lets neurons promote another token: {@code v -= s1 (|v|/|e_old|) e_old, v += s2 (|v|/|e_new|)
   * e_new} for the value vector v of each, with the rows e of the unembedding.
   *
   * @param model float32, without adapter
   * @param neurons which, such as a fact's own
   * @param oldToken the answer's first token
   * @param newToken the first token of the answer to be given instead
   * @param oldStrength s1, {@value #OLD_STRENGTH} in the paper
   * @param newStrength s2, {@value #NEW_STRENGTH} in the paper
   * @return the edit, of one parameter for each layer concerned
   * @throws IllegalArgumentException when the model lacks a neuron or a token, or its unembedding
   *     is not as wide as its stream
   * @throws IllegalStateException when a weight is quantised or the model has an adapter
   */
  public static ModelEdit update(
      DecoderModel model,
      Collection<Neuron> neurons,
      int oldToken,
      int newToken,
      double oldStrength,
      double newStrength) {
    double[] old = unembedding(model, oldToken);
    double[] wanted = unembedding(model, newToken);
    return edit(
        model,
        neurons,
        value -> {
          double[] change = new double[value.length];
          for (int i = 0; i < change.length; i++) {
            change[i] =
                norm(value)
                    * (newStrength * wanted[i] / norm(wanted) - oldStrength * old[i] / norm(old));
          }
          return change;
        });
  }

  /**
   * Sets the value vectors of neurons to zero.
   *
   * @param model float32, without adapter
   * @param neurons which, such as those most facts of a relation use
   * @return the edit, of one parameter for each layer concerned
   * @throws IllegalArgumentException when the model lacks a neuron
   * @throws IllegalStateException when a weight is quantised or the model has an adapter
   */
  public static ModelEdit erase(DecoderModel model, Collection<Neuron> neurons) {
    return edit(model, neurons, value -> Arrays.stream(value).map(x -> -x).toArray());
  }

  /** Gives the change of a value vector. */
  @FunctionalInterface
  private interface ValueChange {
    double[] of(double[] value);
  }

  private static ModelEdit edit(
      DecoderModel model, Collection<Neuron> neurons, ValueChange change) {
    Map<Integer, TreeSet<Integer>> byLayer = new TreeMap<>();
    for (Neuron neuron : neurons) {
      byLayer.computeIfAbsent(neuron.layer(), layer -> new TreeSet<>()).add(neuron.index());
    }
    List<WeightTensor> changed = new ArrayList<>();
    byLayer.forEach(
        (layer, indices) -> {
          DownProjection projection = DownProjection.of(model, layer);
          double[][] delta = new double[projection.values()][projection.keys()];
          for (int index : indices) {
            if (index >= projection.keys()) {
              throw new IllegalArgumentException(
                  "a neuron must be one of the layer's "
                      + projection.keys()
                      + " but was "
                      + new Neuron(layer, index));
            }
            double[] column = change.of(projection.value(index));
            for (int i = 0; i < column.length; i++) {
              delta[i][index] = column[i];
            }
          }
          changed.add(projection.plus(delta));
        });
    return ModelEdit.of(model.weights(), changed);
  }

  private static double[] unembedding(DecoderModel model, int token) {
    int width = model.architecture().config().hiddenSize();
    String name = model.architecture().names().head();
    WeightTensor head = model.weights().get(name);
    long[] shape = head.shape();
    if (shape[1] != width) {
      throw new IllegalArgumentException(
          "updating a fact needs an unembedding as wide as the stream, "
              + width
              + ", but "
              + name
              + " is "
              + shape[1]
              + " wide");
    }
    if (token < 0 || token >= shape[0]) {
      throw new IllegalArgumentException(
          "a token must be in [0, " + (shape[0] - 1) + "] but was " + token);
    }
    double[] row = new double[width];
    for (int i = 0; i < width; i++) {
      row[i] = head.data().get(token * width + i);
    }
    return row;
  }

  private static double norm(double[] vector) {
    return Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
  }
}
