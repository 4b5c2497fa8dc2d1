package org.alignment4j.runtime.tokenizer.template;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the folder of shared reference data above the working directory. */
public final class SharedFolder {

  private SharedFolder() {}

  /** The path below the shared folder; the calling test is skipped where it is absent. */
  public static Path require(String relative) {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path candidate = dir.resolve("shared").resolve(relative);
      if (Files.exists(candidate)) {
        return candidate;
      }
    }
    Assumptions.abort("skipped: shared/" + relative + " is not present");
    throw new IllegalStateException("unreachable");
  }
}
