package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** Figures of evaluations; files of benchmarks that the library does not score are skipped. */
final class EvalKind implements ConformanceKind {

  private final Path folder;

  EvalKind(Path folder) {
    this.folder = folder;
  }

  /** Cases of one kind of file. */
  private interface Cases {
    void run() throws IOException;
  }

  @Override
  public String name() {
    return "eval";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    attempt(runner, "bbq", () -> new BbqCases(name(), runner).run(folder));
    attempt(runner, "stereoset", () -> new StereoSetCases(name(), runner).run(folder));
    for (Path file : Folders.files(folder, ".json")) {
      String name = String.valueOf(file.getFileName());
      attempt(
          runner,
          name,
          () -> {
            if (name.startsWith("elo")) {
              new RatingCases(name(), runner).run(file);
            } else if (name.startsWith("ece")) {
              new CalibrationCases(name(), runner).run(file);
            } else if (!StereoSetCases.reads(folder, name) && !BbqCases.reads(folder, name)) {
              String scoring = name.substring(0, name.length() - ".json".length());
              runner.skip(name(), name, "file", "there is no scoring '" + scoring + "'");
            }
          });
    }
  }

  private void attempt(CaseRunner runner, String group, Cases cases) {
    try {
      cases.run();
    } catch (IOException | RuntimeException e) {
      runner.fail(name(), group, "cases", e);
    }
  }
}
