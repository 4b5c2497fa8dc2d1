package org.alignment4j.api.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Which layers of a model: all of them, or some by number from 0. To be imported statically: {@code
 * residPost(all())}, {@code pattern(layers(5, 7))}.
 */
@API(status = API.Status.STABLE, since = "0.1")
public final class Layers {
  private static final Layers ALL = new Layers(null);

  private final @Nullable List<Integer> numbers;

  private Layers(@Nullable List<Integer> numbers) {
    this.numbers = numbers;
  }

  /**
   * Returns every layer.
   *
   * @return all layers
   */
  public static Layers all() {
    return ALL;
  }

  /**
   * Returns the named layers: {@code layers(5, 7)} is layer 5 and layer 7.
   *
   * @param numbers at least one layer, from 0
   * @return these layers, in ascending order, each once
   * @throws IllegalArgumentException when there is none or one is negative
   */
  public static Layers layers(int... numbers) {
    if (numbers.length == 0) {
      throw new IllegalArgumentException("layers must name at least one layer");
    }
    for (int number : numbers) {
      if (number < 0) {
        throw new IllegalArgumentException("layer must not be negative but was " + number);
      }
    }
    return new Layers(Arrays.stream(numbers).sorted().distinct().boxed().toList());
  }

  /**
   * Returns consecutive layers.
   *
   * @param first first layer, from 0
   * @param end last layer, exclusive
   * @return these layers
   * @throws IllegalArgumentException when the range is empty or begins below 0
   */
  public static Layers layerRange(int first, int end) {
    return layers(IntStream.range(first, end).toArray());
  }

  /**
   * Returns the numbers in a model of so many layers.
   *
   * @param layerCount how many layers the model has
   * @return the numbers, ascending
   * @throws IllegalArgumentException when a layer is named that the model lacks
   */
  public List<Integer> resolve(int layerCount) {
    if (numbers == null) {
      return IntStream.range(0, layerCount).boxed().toList();
    }
    int last = numbers.get(numbers.size() - 1);
    if (last >= layerCount) {
      throw new IllegalArgumentException(
          "layer must be less than the model's " + layerCount + " layers but was " + last);
    }
    return numbers;
  }

  <A extends Axes> HookPointSet<A> of(HookKind kind) {
    return new LayeredHookPoints<>(kind, this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layers that && Objects.equals(numbers, that.numbers);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(numbers);
  }

  @Override
  public String toString() {
    return numbers == null
        ? "*"
        : numbers.stream().map(Object::toString).collect(Collectors.joining(","));
  }
}
