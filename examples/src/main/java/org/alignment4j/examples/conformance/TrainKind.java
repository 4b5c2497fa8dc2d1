package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import org.alignment4j.runtime.DecoderModel;

/** Training: loss, gradients, and trajectories of ten optimiser steps. */
final class TrainKind implements ConformanceKind {

  private static final String ENDING = ".train.json";

  private final Path cases;
  private final Path folder;

  /**
   * @param cases what the paths of models in the files are relative to
   */
  TrainKind(Path cases, Path folder) {
    this.cases = cases;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    for (Path file : Folders.files(folder, ".json")) {
      String name = String.valueOf(file.getFileName());
      if (!name.endsWith(ENDING)) {
        runner.skip(name(), name, "file", "only files *" + ENDING + " are known");
        continue;
      }
      String group = name.substring(0, name.length() - ENDING.length());
      try {
        Fixture fixture = Fixture.read(file);
        Path checkpoint = cases.resolve(fixture.get("model").text()).normalize();
        try (DecoderModel model = LoadedModels.load(checkpoint)) {
          Path gradients = folder.resolve(group + ".grads.safetensors");
          new TrainCases(name(), group, fixture, gradients, model, runner).run();
        }
      } catch (SkippedCaseException e) {
        runner.skip(name(), group, "model", String.valueOf(e.getMessage()));
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), group, "cases", e);
      }
    }
  }
}
