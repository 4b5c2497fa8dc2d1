package org.alignment4j.runtime;

import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.session.DevicePolicy;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Where and how a model runs.
 *
 * @param device which device to use
 * @param threads threads of the process-wide pool; the first model loaded decides
 * @param quantisation how its weights are kept, or null for as they are in the checkpoint
 * @param packed whether float32 weights are kept once more in the order in which generation reads
 *     them fastest, from the first generation on; a copy serves all models of the same weights
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ModelOptions(
    DevicePolicy device, int threads, @Nullable Quantisation quantisation, boolean packed) {

  public ModelOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1 but was " + threads);
    }
  }

  /** Weights as they are in the checkpoint, packed for generation. */
  public ModelOptions(DevicePolicy device, int threads) {
    this(device, threads, null, true);
  }

  /** CUDA where it works, otherwise the CPU, with one thread per processor. */
  public static ModelOptions defaults() {
    return new ModelOptions(DevicePolicy.AUTO, Runtime.getRuntime().availableProcessors());
  }

  /** These options on another device. */
  public ModelOptions device(DevicePolicy newDevice) {
    return new ModelOptions(newDevice, threads, quantisation, packed);
  }

  /** These options with another number of threads. */
  public ModelOptions threads(int newThreads) {
    return new ModelOptions(device, newThreads, quantisation, packed);
  }

  /**
   * These options with weights that are quantised one by one as a folder is read, so that float32
   * ones are not held together.
   */
  public ModelOptions quantised(Quantisation newQuantisation) {
    return new ModelOptions(device, threads, newQuantisation, packed);
  }

  /**
   * These options with float32 weights packed for generation or not. Packed weights take their
   * memory once more and some time before the first token (about a second for 500 MiB), and give
   * tokens a good half faster; without them nothing is kept but the checkpoint's mapped pages.
   */
  public ModelOptions packed(boolean newPacked) {
    return new ModelOptions(device, threads, quantisation, newPacked);
  }

  private static IllegalArgumentException twice(Object what) {
    return new IllegalArgumentException(
        "a checkpoint must be of floats to be quantised but "
            + what
            + " is quantised already; load it without a quantisation");
  }

  /**
   * The weights of a folder as these options keep them.
   *
   * @throws IllegalArgumentException if they are quantised already and these options quantise
   */
  Weights read(CheckpointFolder folder, Architecture architecture) {
    Quantisation wanted = quantisation;
    if (wanted == null) {
      return folder.weights();
    }
    if (folder.isQuantised()) {
      throw twice(folder);
    }
    return folder.weights(wanted.of(architecture));
  }

  /**
   * The weights of a model that is not in a folder, as these options keep them.
   *
   * @throws IllegalArgumentException if they are quantised already and these options quantise
   */
  Weights keep(Weights floats, Architecture architecture) {
    Quantisation wanted = quantisation;
    if (wanted == null) {
      return floats;
    }
    if (!floats.quantised().isEmpty()) {
      throw twice(floats);
    }
    return wanted.of(architecture, floats);
  }
}
