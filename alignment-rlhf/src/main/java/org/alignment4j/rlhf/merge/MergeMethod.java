package org.alignment4j.rlhf.merge;

import org.apiguardian.api.API;

/**
 * How one tensor is made of those of several models. Everything is computed in float64 and rounded
 * once. Immutable and thread-safe.
 *
 * <p>θ_k is the tensor of member k, w_k its weight, θ_0 that of the base model and τ_k = θ_k − θ_0
 * the task vector.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface MergeMethod permits WeightAverage, TaskArithmetic, Ties, Dare, Slerp {

  /**
   * Returns the weighted average {@code Σ w_k θ_k} with weights on the simplex: rewarded soups
   * (Ramé et al. 2023, arXiv 2306.04488).
   *
   * @return the method
   */
  static MergeMethod average() {
    return new WeightAverage();
  }

  /**
   * Returns task arithmetic {@code θ_0 + Σ w_k τ_k} with any weights, negative ones to unlearn
   * (Ilharco et al. 2023, arXiv 2212.04089).
   *
   * @return the method
   */
  static MergeMethod taskArithmetic() {
    return new TaskArithmetic();
  }

  /**
   * Returns TIES merging (Yadav et al. 2023, arXiv 2306.01708, algorithm 1) with the sum scaled by
   * 1.
   *
   * @param density share of the elements of a task vector that is kept, in (0, 1]
   * @return the method
   * @throws IllegalArgumentException when the density is outside (0, 1]
   */
  static MergeMethod ties(double density) {
    return new Ties(density, 1);
  }

  /**
   * Returns TIES merging (Yadav et al. 2023, arXiv 2306.01708, algorithm 1). Each task vector is
   * trimmed to its largest elements by magnitude, all of those that are as large as the last one
   * kept; the sign of an element is that of {@code Σ w_k τ_k}; and the task vectors of that sign
   * are averaged: {@code θ_0 + λ·Σ_A w_k τ_k / Σ_A w_k}. Trimming is done tensor by tensor, as PEFT
   * and mergekit do it; the paper's own code trims the whole vector of all parameters at once.
   *
   * @param density share of the elements of a tensor that is kept, in (0, 1]; of {@code n} elements
   *     {@code ⌊density·n⌋}, at least one
   * @param scale λ, positive
   * @return the method
   * @throws IllegalArgumentException when the density is outside (0, 1] or the scale is not
   *     positive and finite
   */
  static MergeMethod ties(double density, double scale) {
    return new Ties(density, scale);
  }

  /**
   * Returns DARE (Yu et al. 2024, arXiv 2311.03099) before task arithmetic: each element of a task
   * vector is dropped with a probability p and otherwise divided by {@code 1 − p}, so that its
   * expectation stays.
   *
   * @param dropRate p, in [0, 1)
   * @param seed where the random numbers of a tensor start, together with its name and its member
   * @return the method
   * @throws IllegalArgumentException when the rate is outside [0, 1)
   */
  static MergeMethod dare(double dropRate, long seed) {
    return new Dare(dropRate, seed);
  }

  /**
   * Returns spherical interpolation of two models with weights on the simplex, tensor by tensor
   * (Shoemake 1985): {@code (sin(w_1 Ω) θ_1 + sin(w_2 Ω) θ_2)/sin Ω}, Ω the angle between them.
   * Linear where they are nearly parallel or opposite, {@code |cos Ω| > 0.9995} as in mergekit, or
   * one is zero.
   *
   * @return the method
   */
  static MergeMethod slerp() {
    return new Slerp();
  }

  /**
   * Merges one tensor.
   *
   * @param tensor the values of base and members
   * @return as many values, row major
   * @throws IllegalArgumentException when the method needs a base and there is none, or the weights
   *     break its rule
   */
  float[] merge(MergeTensor tensor);

  /**
   * Returns whether the method is arithmetic on task vectors, so that it needs the base model.
   *
   * @return whether {@link MergeTensor#base} must be there
   */
  boolean needsBase();

  /**
   * Refuses weights that the method has no meaning for.
   *
   * @param weights one for each member
   * @throws IllegalArgumentException when they break the method's rule
   */
  void check(double[] weights);

  /**
   * Returns whether the result is that of adding up what adapters do, with the members' weights.
   *
   * @return whether it is linear in the members
   */
  boolean linear();
}
