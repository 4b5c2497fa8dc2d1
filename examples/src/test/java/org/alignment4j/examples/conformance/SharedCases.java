package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Finds the reference cases, which lie outside the repository; tests without them are skipped. */
final class SharedCases {

  private SharedCases() {}

  /** The folder {@code shared}, with {@code fixtures}, {@code models} and {@code tokenizers}. */
  static Path folder() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path shared = at.resolve("shared");
      if (Files.isDirectory(shared.resolve("fixtures"))) {
        return shared;
      }
    }
    return Assumptions.abort("skipped: no folder shared/fixtures above the working directory");
  }

  /** Copies a file or folder. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.createDirectories(Objects.requireNonNull(target.getParent()));
          Files.write(target, Files.readAllBytes(file));
        }
      }
    }
  }
}
