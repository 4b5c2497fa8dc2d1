package org.alignment4j.rlhf.merge;

/**
 * A model to merge.
 *
 * @param name what messages and provenance call it
 * @param model the model, left as it is
 * @param weight its weight
 * @param <M> the kind of model
 */
record MergeMember<M>(String name, M model, double weight) {
  MergeMember<M> weighted(double newWeight) {
    return new MergeMember<>(name, model, newWeight);
  }
}
