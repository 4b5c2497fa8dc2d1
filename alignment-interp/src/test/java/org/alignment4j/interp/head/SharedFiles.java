package org.alignment4j.interp.head;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds the reference files that tests compare with; a test without them is skipped. */
public final class SharedFiles {

  private SharedFiles() {}

  /**
   * A file or folder of the reference files.
   *
   * @param relative its path, such as {@code models/stories260K}
   */
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
