package org.alignment4j.interp.memory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * The tokens of a corpus at which each neuron of a layer was most active: the trigger examples of
 * its key (Geva et al. 2021, section 3.1, with 25 of them). Of equal activations the earlier in the
 * corpus comes first. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TopExamples implements NeuronObserver {

  /** The number of trigger examples in the paper. */
  public static final int TRIGGERS = 25;

  private final int count;
  private final double sign;
  private final Set<Integer> ignored;
  private final List<List<NeuronExample>> kept = new ArrayList<>();
  private double[] atIgnored = new double[0];

  private TopExamples(int count, double sign, Set<Integer> ignored) {
    if (count < 1) {
      throw new IllegalArgumentException("count must be positive but was " + count);
    }
    this.count = count;
    this.sign = sign;
    this.ignored = Set.copyOf(ignored);
  }

  /**
   * The greatest activations.
   *
   * @param count how many of each neuron
   * @param ignored tokens that are no examples, such as the beginning of a sequence
   * @throws IllegalArgumentException if the count is not positive
   */
  public static TopExamples greatest(int count, Set<Integer> ignored) {
    return new TopExamples(count, 1, ignored);
  }

  /**
   * The least activations: those of gated MLPs may be far below 0, and then their values are
   * subtracted.
   *
   * @param count how many of each neuron
   * @param ignored tokens that are no examples, such as the beginning of a sequence
   * @throws IllegalArgumentException if the count is not positive
   */
  public static TopExamples least(int count, Set<Integer> ignored) {
    return new TopExamples(count, -1, ignored);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a neuron is not finite; nothing is then changed
   */
  @Override
  public void observe(long sequence, TokenIds tokens, int position, float[] neurons) {
    FiniteNeurons.require("activations", sequence, position, neurons);
    if (kept.isEmpty()) {
      for (int i = 0; i < neurons.length; i++) {
        kept.add(new ArrayList<>());
      }
      atIgnored = new double[neurons.length];
      Arrays.fill(atIgnored, Double.NEGATIVE_INFINITY);
    }
    boolean example = !ignored.contains(tokens.get(position));
    for (int i = 0; i < neurons.length; i++) {
      if (!example) {
        atIgnored[i] = Math.max(atIgnored[i], sign * neurons[i]);
      } else if (belongs(kept.get(i), neurons[i])) {
        keep(kept.get(i), new NeuronExample(neurons[i], sequence, position, tokens));
      }
    }
  }

  private boolean belongs(List<NeuronExample> examples, double activation) {
    return examples.size() < count
        || sign * activation > sign * examples.get(count - 1).activation();
  }

  private void keep(List<NeuronExample> examples, NeuronExample example) {
    int place = examples.size();
    while (place > 0 && sign * examples.get(place - 1).activation() < sign * example.activation()) {
      place--;
    }
    examples.add(place, example);
    if (examples.size() > count) {
      examples.remove(count);
    }
  }

  /** Number of neurons; 0 until a token was seen. */
  public int neurons() {
    return kept.size();
  }

  /**
   * The examples of a neuron, the most active first.
   *
   * @throws IndexOutOfBoundsException if there is no such neuron, or no token was seen
   */
  public List<NeuronExample> of(int neuron) {
    return List.copyOf(kept.get(neuron));
  }

  /**
   * Whether a neuron was more active at an ignored token than at any other: a key that the
   * beginning of a sequence triggers says nothing of texts.
   *
   * @throws IndexOutOfBoundsException if there is no such neuron, or no token was seen
   */
  public boolean triggeredByIgnored(int neuron) {
    Objects.checkIndex(neuron, kept.size());
    List<NeuronExample> examples = kept.get(neuron);
    return examples.isEmpty() || atIgnored[neuron] > sign * examples.get(0).activation();
  }
}
