package org.alignment4j.interp.weights;

import org.apiguardian.api.API;

/**
 * A rewriting of weights that leaves log-probabilities as they are, in the order of application.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum ProcessingStep {
  /**
   * Weight and bias of each norm of what is read go into the maps that read it: {@code b +=
   * b_norm·W} and {@code W = diag(w_norm)·W}. Behind a layer norm, these maps then lose their mean
   * over the stream's components, which reads nothing of a vector without mean. TransformerLens'
   * {@code fold_ln}.
   */
  FOLD_NORMS,
  /**
   * What writes to the stream loses its mean over the stream's components, which no layer norm lets
   * through: {@code W_E}, {@code W_pos}, {@code W_O}, {@code b_O}, {@code W_out}, {@code b_out}.
   * TransformerLens' {@code center_writing_weights}.
   */
  CENTRE_WRITING_WEIGHTS,
  /**
   * The unembedding loses its mean over the vocabulary: all logits of a position move by one
   * number. TransformerLens' {@code center_unembed}.
   */
  CENTRE_UNEMBEDDING,
  /**
   * Biases of values, which attention weights that sum to one pass on whole, go into the output's:
   * {@code b_O += Σ_heads b_V·W_O}. TransformerLens' {@code fold_value_biases}.
   */
  FOLD_VALUE_BIASES,
  /**
   * Each head's products are factored anew by their singular values: {@code [W_Q; b_Q]·[W_K; b_K]ᵀ
   * = U·S·Vᵀ} into {@code U·√S} and {@code V·√S}, and {@code W_V·W_O = U·S·Vᵀ} into {@code U·S} and
   * {@code Vᵀ}, biases of values being folded before. TransformerLens' {@code
   * refactor_factored_attn_matrices}.
   */
  REFACTOR_ATTENTION
}
