package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Where a run's updates come from when they depend on the model as it is before each, and perhaps
 * on what earlier updates left. Data that depends on neither is a {@link MicroBatchSource}. Owned
 * by one run, which calls it in one thread.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface UpdateSource {

  /**
   * An update.
   *
   * @param batches micro-batches whose losses and gradients it sums; where there is none, the
   *     weights and the optimiser stay as they are
   * @param metrics makes what is reported of what the objective measured
   */
  record Update(List<MicroBatch> batches, UnaryOperator<Map<String, Double>> metrics) {}

  /**
   * Returns the number of updates of the whole run.
   *
   * @return at least 1
   */
  long steps();

  /**
   * Sees the model as the run begins. Called once, before {@link #resume}.
   *
   * @param model the model before the first update of the whole run
   */
  default void begin(PresentModel model) {}

  /**
   * Prepares an update. Called once for each, in order from the one after {@link #resume}.
   *
   * @param step the update, from 1 to {@link #steps()}
   * @param model the model before the update
   * @return what the update learns from
   */
  Update at(long step, PresentModel model);

  /**
   * Returns what the updates depend on besides the model, such as a checksum of the data, the seed
   * and the batch size. A run is resumed only where this is the same.
   *
   * @return values by name, the same in every process
   */
  Map<String, String> description();

  /**
   * Returns what later updates depend on of those made, for a checkpoint.
   *
   * @return values by name, empty by default
   */
  default Map<String, String> state() {
    return Map.of();
  }

  /**
   * Returns vectors that later updates depend on, for a checkpoint, which fills them in before
   * {@link #resume}.
   *
   * @return writable views, none by default; the same names and sizes from {@link #begin} on
   */
  default List<StateTensor> tensors() {
    return List.of();
  }

  /**
   * Goes on after a checkpoint.
   *
   * @param state what {@link #state()} gave when it was saved
   */
  default void resume(Map<String, String> state) {}
}
