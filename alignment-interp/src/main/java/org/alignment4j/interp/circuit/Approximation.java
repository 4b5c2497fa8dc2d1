package org.alignment4j.interp.circuit;

import org.apiguardian.api.API;

/** What a model computes and a circuit read from its weights leaves out. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Approximation {
  /** Norms of what heads read still have weights or biases: fold them before. */
  NORMS_NOT_FOLDED("weights of norms ignored"),
  /** Queries and keys turn with their positions, so that scores are no bilinear form. */
  ROTARY_IGNORED("rotary ignored"),
  /** Queries and keys are normalised, so that scores are no bilinear form. */
  HEAD_NORM_IGNORED("norm of queries and keys ignored"),
  /** Scores get a bias that grows with the distance. */
  LINEAR_BIASES_IGNORED("linear biases of scores ignored"),
  /** Scores are capped. */
  SCORE_CAP_IGNORED("cap of scores ignored"),
  /** What heads add is normalised before it is added. */
  OUTPUT_NORM_IGNORED("norm of what attention adds ignored"),
  /** The stream is normalised between the layers. */
  STREAM_NORM_IGNORED("norms within the stream ignored");

  private final String label;

  Approximation(String label) {
    this.label = label;
  }

  /** In words, for a figure's caption. */
  public String label() {
    return label;
  }
}
