package org.alignment4j.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Finds reference numbers that live outside the repository; tests without them are skipped. */
public final class SharedFixtures {
  private SharedFixtures() {}

  /** A file or folder of the fixtures, such as {@code sampling/logits_processors.json}. */
  public static Path path(String relative) {
    Path root = root();
    Assumptions.assumeTrue(root != null, "shared/fixtures not found above the working directory");
    Path file = root.resolve(relative);
    Assumptions.assumeTrue(Files.exists(file), () -> relative + " not found in shared/fixtures");
    return file;
  }

  private static @Nullable Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve("shared").resolve("fixtures");
      if (Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
