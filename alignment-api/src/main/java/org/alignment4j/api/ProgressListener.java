package org.alignment4j.api;

import org.apiguardian.api.API;

/**
 * Told how long work comes along. Calls come one at a time from the working thread, so a listener
 * returns quickly; what it throws ends the work.
 */
@API(status = API.Status.STABLE, since = "0.1")
@FunctionalInterface
public interface ProgressListener {

  /**
   * Called after a unit of work, at most a few times a second, and once at the end.
   *
   * @param progress the state just reached
   */
  void onProgress(Progress progress);

  /**
   * Returns a listener that ignores everything.
   *
   * @return a silent listener
   */
  static ProgressListener none() {
    return progress -> {};
  }
}
