package org.alignment4j.interp.edit;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;

/** Makes a model give other answers by a change of its weights. */
@FunctionalInterface
public interface FactEditor {

  /**
   * Finds the change.
   *
   * @param model float32, without adapter; left as it is
   * @param requests what is to be achieved; at least one
   * @param cancellation asks to stop
   * @return the change
   * @throws IllegalArgumentException when a request cannot be met in this model
   * @throws IllegalStateException when a weight is quantised or the model has an adapter
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  EditResult edit(DecoderModel model, List<EditRequest> requests, CancellationToken cancellation);
}
