package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A folder whose cases the library cannot run yet: every file is counted as skipped. */
final class UnsupportedKind implements ConformanceKind {

  private final Path folder;

  UnsupportedKind(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return String.valueOf(folder.getFileName());
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    List<Path> files = Folders.files(folder, ".json");
    String reason = "there is no kind '" + name() + "'";
    if (files.isEmpty()) {
      runner.skip(name(), name(), "folder", reason);
    }
    for (Path file : files) {
      runner.skip(name(), String.valueOf(file.getFileName()), "file", reason);
    }
  }
}
