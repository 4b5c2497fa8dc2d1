package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.List;
import org.alignment4j.runtime.engine.BoundWeights;
import org.apiguardian.api.API;

/**
 * A reference that has the parameters a model had, and can be moved toward those it has. It is
 * moved in the space of what is trained: of an adapter its matrices are. Owned by one run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ReferenceParameters {
  private final PresentModel model;
  private final FlatParameters parameters;

  private ReferenceParameters(PresentModel model, FlatParameters parameters) {
    this.model = model;
    this.parameters = parameters;
  }

  /**
   * Copies the parameters of a model.
   *
   * @param model a model that is trained
   * @return the reference
   * @throws org.alignment4j.api.AlignmentException when the native memory is not available
   */
  public static ReferenceParameters of(PresentModel model) {
    FlatParameters copy = FlatParameters.zeros(model.step().parameters().layout());
    ReferenceParameters reference = new ReferenceParameters(model, copy);
    reference.moveTo(1);
    return reference;
  }

  /**
   * Moves the reference: {@code θ_ref ← share·θ + (1 − share)·θ_ref} (Gorbatovski et al. 2024,
   * arXiv 2404.09656, eq. 4), each element rounded once from float64.
   *
   * @param share in [0, 1]; with 1 it becomes a copy
   */
  public void moveTo(double share) {
    for (int i = 0; i < parameters.layout().buffers(); i++) {
      FloatBuffer own = parameters.buffer(i);
      FloatBuffer present = model.step().parameters().buffer(i);
      int size = parameters.layout().bufferSize(i);
      for (int j = 0; j < size; j++) {
        own.put(j, (float) (share * present.get(j) + (1 - share) * own.get(j)));
      }
    }
  }

  /**
   * Computes the log-probabilities of labels under the reference, without noise.
   *
   * @param batch what to score; inputs of an objective are ignored
   * @return log-probability of each label, {@code [rows]}
   * @throws org.alignment4j.api.ModelExecutionException when the graph fails
   */
  public float[] labels(MicroBatch batch) {
    Trainable trainable = model.trainable();
    try (BoundWeights weights =
        BoundWeights.of(
            model.step().engine().runtime(), PresentModel.weights(trainable, parameters))) {
      return LabelLogProbs.of(
          model.step().engine(),
          weights,
          PresentModel.adapter(trainable, parameters).orElse(null),
          1,
          batch);
    }
  }

  /**
   * Returns the parameters for a checkpoint.
   *
   * @return writable views
   */
  public List<StateTensor> state() {
    return StateTensor.of("reference", parameters);
  }
}
