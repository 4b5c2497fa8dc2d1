package org.alignment4j.runtime.session;

import ai.onnxruntime.OrtException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs native code on a thread with a deep stack. When ONNX Runtime starts, it matches a regular
 * expression against the process's command line by recursion; with a class path of a few thousand
 * characters that overflows the 1 MiB of a Java thread and kills the process.
 */
final class DeepStack {

  /** Reserved, not committed: enough for about a million characters. */
  private static final long STACK_BYTES = 512L << 20;

  interface NativeCall<T> {
    T run() throws OrtException;
  }

  private DeepStack() {}

  static <T> T call(NativeCall<T> task) throws OrtException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.complete(task.run());
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            },
            "alignment4j-start",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof OrtException ort) {
        throw ort;
      }
      if (e.getCause() instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw e;
    }
  }
}
