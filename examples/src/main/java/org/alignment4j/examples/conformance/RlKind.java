package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** Losses of learning from preferences; files of other methods are counted as skipped. */
final class RlKind implements ConformanceKind {

  private final Path folder;

  RlKind(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "rl";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    for (Path file : Folders.files(folder, ".json")) {
      String name = String.valueOf(file.getFileName());
      boolean rewards = name.startsWith("reward_model");
      boolean unpaired = name.startsWith("kto");
      if (!rewards && !unpaired && !name.startsWith("dpo")) {
        String method = name.substring(0, name.length() - ".json".length());
        runner.skip(name(), name, "file", "there is no method '" + method + "'");
        continue;
      }
      try {
        if (rewards) {
          new RewardCases(name(), runner).run(file);
        } else if (unpaired) {
          new KtoCases(name(), runner).run(file);
        } else {
          new DpoCases(name(), runner).run(file);
        }
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), name, "cases", e);
      }
    }
  }
}
