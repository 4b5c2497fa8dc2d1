package org.alignment4j.eval.bias;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Locates reference data that lies beside the repository, or skips the test. */
public final class SharedFiles {

  private SharedFiles() {}

  /** Returns {@code shared/path}, walking up from the working directory. */
  public static Path require(String path) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path shared = folder.resolve("shared");
      if (Files.isDirectory(shared.resolve("fixtures"))) {
        Path file = shared.resolve(path);
        Assumptions.assumeTrue(Files.exists(file), "shared/" + path + " is absent: skipped");
        return file;
      }
    }
    Assumptions.abort("no folder shared/fixtures above the working directory: skipped");
    throw new IllegalStateException("unreachable");
  }
}
