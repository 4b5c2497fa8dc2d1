package org.alignment4j.runtime.architecture;

/** What turns the normalised residual stream into a model's outputs. */
public sealed interface OutputHead {

  /** Logits over the vocabulary: {@link ParameterNames#head()}. */
  record NextToken() implements OutputHead {}

  /**
   * Scores of a whole sequence, read at one of its positions, as Hugging Face's sequence
   * classification: a linear map without bias, {@link #WEIGHT} {@code [labels, embeddingSize]}.
   *
   * @param labels scores of a sequence, at least 1; a reward model has one
   */
  record SequenceScores(int labels) implements OutputHead {

    /** Name of the head's weight in every family's checkpoints. */
    public static final String WEIGHT = "score.weight";

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public SequenceScores {
      if (labels < 1) {
        throw new IllegalArgumentException("labels must be at least 1 but was " + labels);
      }
    }
  }
}
