package org.alignment4j.examples.sentiment;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Model and stories of the folder {@code shared}, which lies outside the repository. */
final class SharedStories {

  private SharedStories() {}

  static Path model() {
    return shared("models/stories260K");
  }

  static Path stories() {
    return shared("data/tinystories-sample/tinystories_1000.json");
  }

  private static Path shared(String relative) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared").resolve(relative);
      if (Files.exists(found)) {
        return found;
      }
    }
    return Assumptions.abort("skipped: no shared/" + relative + " above the working directory");
  }
}
