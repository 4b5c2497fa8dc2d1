package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Losses and advantages of learning from feedback; files of other methods count as skipped. */
final class RlKind implements ConformanceKind {

  /** Runs the cases of a file. */
  @FunctionalInterface
  private interface FileCases {
    void run(Path file) throws IOException;
  }

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
      String method = name.substring(0, name.length() - ".json".length());
      FileCases cases = cases(method, runner);
      if (cases == null) {
        runner.skip(name(), name, "file", "there is no method '" + method + "'");
        continue;
      }
      try {
        cases.run(file);
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), name, "cases", e);
      }
    }
  }

  private @Nullable FileCases cases(String method, CaseRunner runner) {
    if (method.startsWith("dpo")) {
      return new DpoCases(name(), runner)::run;
    }
    if (method.startsWith("reward_model")) {
      return new RewardCases(name(), runner)::run;
    }
    if (method.startsWith("kto")) {
      return new KtoCases(name(), runner)::run;
    }
    if (method.startsWith("ppo")) {
      return new PpoCases(name(), runner)::run;
    }
    if (method.startsWith("grpo")) {
      return new GrpoCases(name(), runner)::run;
    }
    if (method.startsWith("rloo")) {
      return new RlooCases(name(), runner)::run;
    }
    return null;
  }
}
