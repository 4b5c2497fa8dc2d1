package org.alignment4j.interp.memory;

/** Refuses activations that are not finite before they change what was seen so far. */
final class FiniteNeurons {

  private FiniteNeurons() {}

  /**
   * Checks a token's neurons.
   *
   * @param name what they are, for the message
   * @param sequence number of the sequence within the corpus, from 0
   * @param position place of the token within it
   * @param neurons {@code [m]}
   * @throws IllegalArgumentException naming the first neuron that is not finite
   */
  static void require(String name, long sequence, int position, float[] neurons) {
    for (int i = 0; i < neurons.length; i++) {
      if (!Float.isFinite(neurons[i])) {
        throw new IllegalArgumentException(
            name
                + " must be finite but neuron "
                + i
                + " was "
                + neurons[i]
                + " at position "
                + position
                + " of sequence "
                + sequence
                + "; look for an overflow in the model or damage in its weights");
      }
    }
  }
}
