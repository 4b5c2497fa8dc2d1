package org.alignment4j.runtime.train;

import java.util.List;
import org.apiguardian.api.API;

/**
 * Where a run's data comes from. A pure function of the step, so that a resumed run sees what the
 * interrupted one would have seen without any saved state.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface MicroBatchSource {

  /**
   * Returns the micro-batches whose gradients one update sums.
   *
   * @param step the update, from 1
   * @return at least one; the same for the same step at every call
   */
  List<MicroBatch> at(long step);
}
