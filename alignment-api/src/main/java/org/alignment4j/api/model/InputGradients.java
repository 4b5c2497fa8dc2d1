package org.alignment4j.api.model;

import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of a loss with respect to the free slots of a prompt: {@code [slots, width]}, where
 * width is the vocabulary (one-hot tokens) or the model's dimension (embeddings). Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class InputGradients {
  private final double loss;
  private final int slots;
  private final int width;
  private final float[] values;

  /**
   * Creates a gradient.
   *
   * @param loss the loss at the present slots
   * @param slots number of slots
   * @param width numbers per slot
   * @param values {@code slots * width} numbers, slot after slot; copied
   * @throws IllegalArgumentException when the number of values does not fit
   */
  public InputGradients(double loss, int slots, int width, float[] values) {
    if (slots < 1 || width < 1 || (long) slots * width != values.length) {
      throw new IllegalArgumentException(
          "values must have slots x width = "
              + slots
              + " x "
              + width
              + " numbers but had "
              + values.length);
    }
    this.loss = loss;
    this.slots = slots;
    this.width = width;
    this.values = values.clone();
  }

  /**
   * Returns the loss.
   *
   * @return mean negative log-likelihood of the target's tokens, in nats
   */
  public double loss() {
    return loss;
  }

  /**
   * Returns the number of slots.
   *
   * @return the rows of the gradient
   */
  public int slots() {
    return slots;
  }

  /**
   * Returns the numbers per slot.
   *
   * @return the vocabulary's size or the model's dimension
   */
  public int width() {
    return width;
  }

  /**
   * Returns one number.
   *
   * @param slot from 0 to {@code slots() - 1}
   * @param index from 0 to {@code width() - 1}
   * @return the derivative of the loss
   * @throws IndexOutOfBoundsException when an index is outside
   */
  public float get(int slot, int index) {
    Objects.checkIndex(slot, slots);
    Objects.checkIndex(index, width);
    return values[slot * width + index];
  }

  /**
   * Returns the gradient of one slot.
   *
   * @param slot from 0 to {@code slots() - 1}
   * @return a new array {@code [width]}
   * @throws IndexOutOfBoundsException when the slot is outside
   */
  public float[] row(int slot) {
    Objects.checkIndex(slot, slots);
    return Arrays.copyOfRange(values, slot * width, (slot + 1) * width);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InputGradients that
        && Double.compare(loss, that.loss) == 0
        && slots == that.slots
        && width == that.width
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Objects.hash(loss, slots, width, Arrays.hashCode(values));
  }

  @Override
  public String toString() {
    return "InputGradients[loss=" + loss + ", slots=" + slots + ", width=" + width + "]";
  }
}
