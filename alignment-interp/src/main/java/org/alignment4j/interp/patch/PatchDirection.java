package org.alignment4j.interp.patch;

import org.apiguardian.api.API;

/**
 * What is patched into what. The two answer different questions: denoising finds what suffices to
 * bring a behaviour back, noising what it cannot do without.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum PatchDirection {
  /** Clean activations into the corrupted run: 0 changes nothing, 1 restores the clean metric. */
  DENOISING,
  /** Corrupted activations into the clean run: 0 changes nothing, 1 destroys the behaviour. */
  NOISING
}
