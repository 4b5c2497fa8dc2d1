package org.alignment4j.runtime.session;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime's environment until the process is gone. The library frees it, its threads
 * with it, in a shutdown hook, while threads that have not ended are still running graphs on it: an
 * exit, or an interrupt from the terminal, in the middle of a run would end in a segmentation
 * fault. The native environment counts its owners, so a second one that never leaves keeps it.
 */
final class EnvironmentLifetime {

  private static final Logger log = LoggerFactory.getLogger(EnvironmentLifetime.class);
  private static final int FATAL = 4;

  private EnvironmentLifetime() {}

  /** Adds an owner; without effect where the library has other names for this. */
  static void extend() {
    try {
      Class<?> library = Class.forName("ai.onnxruntime.OnnxRuntime");
      Field api = library.getDeclaredField("ortApiHandle");
      api.setAccessible(true);
      Method create =
          Class.forName("ai.onnxruntime.OrtEnvironment")
              .getDeclaredMethod("createHandle", long.class, int.class, String.class);
      create.setAccessible(true);
      create.invoke(null, api.getLong(null), FATAL, "alignment4j");
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.debug("an exit during a run may crash the process: {}", e.toString());
    }
  }
}
