package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** Figures of evaluations; files of benchmarks that the library does not score are skipped. */
final class EvalKind implements ConformanceKind {

  private final Path folder;

  EvalKind(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "eval";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    for (Path file : Folders.files(folder, ".json")) {
      String name = String.valueOf(file.getFileName());
      try {
        if (name.startsWith("elo")) {
          new RatingCases(name(), runner).run(file);
        } else if (name.startsWith("ece")) {
          new CalibrationCases(name(), runner).run(file);
        } else {
          String scoring = name.substring(0, name.length() - ".json".length());
          runner.skip(name(), name, "file", "there is no scoring '" + scoring + "'");
        }
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), name, "cases", e);
      }
    }
  }
}
