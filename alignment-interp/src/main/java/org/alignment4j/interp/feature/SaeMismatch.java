package org.alignment4j.interp.feature;

import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.hook.HookPoint;

/** Refuses an autoencoder of another model, hook point or width, naming all that differs. */
final class SaeMismatch {
  private SaeMismatch() {}

  /** Refuses one that expects activations to be scaled, which no model does. */
  static void requireFolded(SparseAutoencoder sae) {
    if (sae.config().normalisation() == InputNormalisation.EXPECTED_AVERAGE_ONLY_IN) {
      throw new IllegalArgumentException(
          "a sparse autoencoder must take activations as a model has them but that of "
              + sae.config().site().point()
              + " was trained on scaled ones ("
              + InputNormalisation.EXPECTED_AVERAGE_ONLY_IN.label()
              + "); fold the scale into its weights with foldInputScale first");
    }
  }

  static void require(SaeConfig config, String modelName, HookPoint<?> point, int size) {
    List<String> problems = new ArrayList<>();
    SaeSite site = config.site();
    if (!site.modelName().equals(modelName)) {
      problems.add("was trained on the model '" + site.modelName() + "', not '" + modelName + "'");
    }
    if (!site.point().equals(point)) {
      problems.add("reads " + site.point() + ", not " + point);
    }
    if (config.inputSize() != size) {
      problems.add("reads vectors of " + config.inputSize() + ", not of " + size);
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "the sparse autoencoder must belong to the model and hook point it is used at but it "
              + String.join(" and ", problems)
              + "; use it where it was trained, or load another");
    }
  }
}
