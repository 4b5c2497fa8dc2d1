package org.alignment4j.runtime;

import org.alignment4j.runtime.session.DevicePolicy;
import org.apiguardian.api.API;

/**
 * Where and how a model runs.
 *
 * @param device which device to use
 * @param threads threads of the process-wide pool; the first model loaded decides
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModelOptions(DevicePolicy device, int threads) {

  public ModelOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
  }

  /** CUDA where it works, otherwise the CPU, with one thread per processor. */
  public static ModelOptions defaults() {
    return new ModelOptions(DevicePolicy.AUTO, Runtime.getRuntime().availableProcessors());
  }

  /** These options on another device. */
  public ModelOptions device(DevicePolicy newDevice) {
    return new ModelOptions(newDevice, threads);
  }

  /** These options with another number of threads. */
  public ModelOptions threads(int newThreads) {
    return new ModelOptions(device, newThreads);
  }
}
