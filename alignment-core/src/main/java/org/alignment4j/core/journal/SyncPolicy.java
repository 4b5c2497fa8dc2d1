package org.alignment4j.core.journal;

import org.apiguardian.api.API;

/**
 * When entries are forced to the disk. Every entry reaches the operating system at once, so the end
 * of the process, by {@code kill -9} too, loses none; this decides how many a power cut may take.
 *
 * @param entries how many entries may wait for the disk before all are forced; 0 forces on close
 *     only
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SyncPolicy(int entries) {
  /** Forces every entry before it is acknowledged; threads that append together share the wait. */
  public static final SyncPolicy EVERY_ENTRY = new SyncPolicy(1);

  /** Forces on close only. */
  public static final SyncPolicy ON_CLOSE = new SyncPolicy(0);

  /**
   * Checks the value.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public SyncPolicy {
    if (entries < 0) {
      throw new IllegalArgumentException("entries must not be negative but was " + entries);
    }
  }
}
