package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Path;
import org.alignment4j.runtime.DecoderModel;

/** What goes on inside models: activations, logit lens and activation patching by hook points. */
final class InterpKind implements ConformanceKind {

  private final Path cases;
  private final Path folder;

  /**
   * @param cases what the paths of models in the files are relative to
   */
  InterpKind(Path cases, Path folder) {
    this.cases = cases;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "interp";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    for (Path file : Folders.files(folder, ".json")) {
      String name = String.valueOf(file.getFileName());
      String group = name.substring(0, name.length() - ".json".length());
      try {
        Fixture fixture = Fixture.read(file);
        if (fixture.has("activation_names")) {
          try (DecoderModel model = model(fixture)) {
            new ActivationCases(name(), group, fixture, model, runner)
                .run(folder.resolve(group + ".activations_raw.safetensors"));
            new LogitLensCases(name(), group, fixture, model, runner)
                .run(folder.resolve(group + ".logit_lens.safetensors"));
          }
        } else if (fixture.has("clean") && fixture.has("corrupted")) {
          try (DecoderModel model = model(fixture)) {
            new PatchingCases(name(), group, fixture, model, runner).run();
          }
        } else {
          runner.skip(name(), name, "file", "there is no analysis '" + group + "'");
        }
      } catch (SkippedCaseException e) {
        runner.skip(name(), group, "model", String.valueOf(e.getMessage()));
      } catch (IOException | RuntimeException e) {
        runner.fail(name(), group, "cases", e);
      }
    }
  }

  private DecoderModel model(Fixture fixture) throws IOException {
    return LoadedModels.load(cases.resolve(fixture.get("model").text()).normalize());
  }
}
