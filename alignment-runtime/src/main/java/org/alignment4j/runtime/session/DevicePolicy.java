package org.alignment4j.runtime.session;

/** Where graphs run. */
public enum DevicePolicy {
  /** CUDA where it works, otherwise the CPU, with one warning that says why. */
  AUTO,
  /** The CPU. */
  CPU,
  /** CUDA, or a failure that names what is missing. */
  CUDA
}
