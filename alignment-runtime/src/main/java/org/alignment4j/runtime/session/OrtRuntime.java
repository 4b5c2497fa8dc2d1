package org.alignment4j.runtime.session;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.ModelExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A way to run graphs: a device and the process-wide thread pool of ONNX Runtime. Thread-safe.
 *
 * <p>ONNX Runtime has one environment per process. The first runtime created fixes its number of
 * threads, because sessions with pools of their own spin against each other.
 */
public final class OrtRuntime {

  /** What graphs run on. */
  public enum Device {
    CPU,
    CUDA
  }

  /** ONNX Runtime has one environment a process; its threads are those of the first runtime. */
  private static final ProcessThreads PROCESS_THREADS = new ProcessThreads();

  private static final Logger log = LoggerFactory.getLogger(OrtRuntime.class);

  private final OrtEnvironment environment;
  private final Device device;

  private OrtRuntime(OrtEnvironment environment, Device device) {
    this.environment = environment;
    this.device = device;
  }

  /** A runtime on the CPU or CUDA device the policy selects, with one thread per processor. */
  public static OrtRuntime create(DevicePolicy policy) {
    return create(policy, Runtime.getRuntime().availableProcessors());
  }

  /**
   * A runtime with a given number of threads.
   *
   * @param threads honoured by the first runtime of the process; a later one that asks for another
   *     number runs on the threads of the first, which is logged once
   * @throws ModelExecutionException if CUDA is required and does not work
   */
  public static OrtRuntime create(DevicePolicy policy, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be positive but was " + threads);
    }
    OrtEnvironment environment = environment(threads);
    return new OrtRuntime(environment, choose(policy));
  }

  private static synchronized OrtEnvironment environment(int threads) {
    try (OrtEnvironment.ThreadingOptions options = new OrtEnvironment.ThreadingOptions()) {
      options.setGlobalIntraOpNumThreads(threads);
      options.setGlobalInterOpNumThreads(1);
      OrtEnvironment created =
          DeepStack.call(
              () ->
                  OrtEnvironment.getEnvironment(
                      OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "alignment4j", options));
      EnvironmentLifetime.extend();
      PROCESS_THREADS.created(threads);
      return created;
    } catch (IllegalStateException alreadyCreated) {
      PROCESS_THREADS.warningFor(threads).ifPresent(log::warn);
      return OrtEnvironment.getEnvironment();
    } catch (OrtException e) {
      throw new ModelExecutionException("could not set up the threads of ONNX Runtime", e);
    }
  }

  private static Device choose(DevicePolicy policy) {
    if (policy == DevicePolicy.CPU) {
      return Device.CPU;
    }
    String reason;
    if (policy == DevicePolicy.AUTO && isLinux() && !Files.exists(Path.of("/dev/nvidiactl"))) {
      // No reason to load CUDA's libraries; where CUDA is required they decide, since other places
      // have a device too.
      reason = "no NVIDIA driver was found (/dev/nvidiactl is missing)";
    } else {
      try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
        addCuda(options);
        return Device.CUDA;
      } catch (OrtException e) {
        reason = String.valueOf(e.getMessage());
      }
    }
    if (policy == DevicePolicy.CUDA) {
      throw new ModelExecutionException(
          "device CUDA is required but does not work: "
              + reason
              + "; install CUDA 12 and cuDNN 9 and build without -Pcpu, or use DevicePolicy.AUTO");
    }
    log.warn("running on the CPU: {}", reason);
    return Device.CPU;
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").toLowerCase(java.util.Locale.ROOT).contains("linux");
  }

  /** The device graphs run on. */
  public Device device() {
    return device;
  }

  OrtEnvironment environment() {
    return environment;
  }

  OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.disablePerSessionThreads();
    options.setMemoryPatternOptimization(false);
    options.setCPUArenaAllocator(true);
    options.setDeterministicCompute(true);
    if (device == Device.CUDA) {
      addCuda(options);
    }
    return options;
  }

  /** Products are computed in float32: the shorter TF32 of newer devices has ten bits. */
  private static void addCuda(OrtSession.SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(0)) {
      cuda.add("use_tf32", "0");
      options.addCUDA(cuda);
    }
  }
}
