package org.alignment4j.interp.fact;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds reference files; a test without them is skipped. */
public final class SharedData {

  private SharedData() {}

  /** A file or folder, by its path within the reference files. */
  public static Path require(String relative) {
    for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
      Path shared = dir.resolve("shared");
      if (Files.isDirectory(shared.resolve("fixtures"))) {
        Path found = shared.resolve(relative);
        Assumptions.assumeTrue(Files.exists(found), () -> "skipped: no reference file " + relative);
        return found;
      }
    }
    return Assumptions.abort("skipped: no folder shared/fixtures above the working directory");
  }
}
