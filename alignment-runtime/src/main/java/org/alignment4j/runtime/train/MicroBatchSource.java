package org.alignment4j.runtime.train;

import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Where a run's data comes from. A pure function of the step, so that a resumed run sees what the
 * interrupted one would have seen without any saved state.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface MicroBatchSource {

  /**
   * Returns the number of updates of the whole run.
   *
   * @return at least 1
   */
  long steps();

  /**
   * Returns the micro-batches whose losses and gradients one update sums.
   *
   * @param step the update, from 1 to {@link #steps()}
   * @return at least one; the same for the same step at every call
   */
  List<MicroBatch> at(long step);

  /**
   * Returns what the micro-batches depend on, such as a checksum of the data, the seed and the
   * batch size. A run is resumed only where this is the same.
   *
   * @return values by name, the same in every process
   */
  Map<String, String> description();
}
