package org.alignment4j.api.hook;

import org.apiguardian.api.API;

/**
 * Factories of selectors, to be imported statically: {@code zero(head(3))}, {@code patchFrom(clean,
 * pos(-1))}. Negative numbers count from the end.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Selectors {
  private Selectors() {}

  /**
   * Selects sequences of the run.
   *
   * @param indices at least one of the sequences
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes> row(int... indices) {
    return new Selector<>(Axis.BATCH, Indices.of(indices));
  }

  /**
   * Selects token positions.
   *
   * @param indices at least one of the positions, absolute from 0; -1 is the last of the prompt
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.Positions> pos(int... indices) {
    return new Selector<>(Axis.POSITION, Indices.of(indices));
  }

  /**
   * Selects attention heads.
   *
   * @param indices at least one of the heads
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.Heads> head(int... indices) {
    return new Selector<>(Axis.HEAD, Indices.of(indices));
  }

  /**
   * Selects key and value heads.
   *
   * @param indices at least one of the key and value heads
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.KeyValueHeads> kvHead(int... indices) {
    return new Selector<>(Axis.KEY_VALUE_HEAD, Indices.of(indices));
  }

  /**
   * Selects positions that attend.
   *
   * @param indices at least one of the positions
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.QueriesAndKeys> query(int... indices) {
    return new Selector<>(Axis.QUERY, Indices.of(indices));
  }

  /**
   * Selects positions attended to.
   *
   * @param indices at least one of the positions
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.QueriesAndKeys> key(int... indices) {
    return new Selector<>(Axis.KEY, Indices.of(indices));
  }

  /**
   * Selects coordinates of a vector.
   *
   * @param indices at least one of the coordinates
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.Components> component(int... indices) {
    return new Selector<>(Axis.COMPONENT, Indices.of(indices));
  }

  /**
   * Selects MLP neurons.
   *
   * @param indices at least one of the neurons
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.Neurons> neuron(int... indices) {
    return new Selector<>(Axis.NEURON, Indices.of(indices));
  }

  /**
   * Selects tokens of the vocabulary.
   *
   * @param indices at least one of the token ids
   * @return the selector
   * @throws IllegalArgumentException when there is none
   */
  public static Selector<Axes.Vocabulary> token(int... indices) {
    return new Selector<>(Axis.TOKEN, Indices.of(indices));
  }

  /**
   * Selects all token positions from one on, generated ones included: {@code posFrom(-1)} is the
   * prompt's last token and everything after it.
   *
   * @param first the first position; negative counts from the prompt's end
   * @return the selector
   */
  public static Selector<Axes.Positions> posFrom(int first) {
    return new Selector<>(Axis.POSITION, Indices.from(first));
  }
}
