package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.runtime.DecoderModel;

/** Models: logits, log-probabilities and greedy generation, with and without cache. */
final class ModelsKind implements ConformanceKind {

  private static final String EXPECTED = "expected.json";
  private static final String PRETRAINED = "reference_logits.json";
  private static final String GREEDY_TEXT = "expected_greedy.txt";

  private final Path folder;
  private final List<Path> roots;

  /**
   * @param folder folder of checkpoints with their expected numbers; need not exist
   * @param roots where folders {@code models} with pretrained checkpoints are looked for
   */
  ModelsKind(Path folder, List<Path> roots) {
    this.folder = folder;
    this.roots = List.copyOf(roots);
  }

  @Override
  public String name() {
    return "models";
  }

  @Override
  public void run(CaseRunner runner) throws IOException {
    List<Path> models = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      for (Path model : Folders.folders(folder)) {
        models.add(model.toRealPath());
      }
    }
    for (Path model : Folders.holding(roots, "models", Set.of(PRETRAINED, GREEDY_TEXT))) {
      if (!models.contains(model)) {
        models.add(model);
      }
    }
    for (Path model : models) {
      runModel(runner, model);
    }
  }

  private void runModel(CaseRunner runner, Path folder) {
    String group = String.valueOf(folder.getFileName());
    try (DecoderModel model = LoadedModels.load(folder)) {
      boolean any = false;
      if (Files.isRegularFile(folder.resolve(EXPECTED))) {
        any = true;
        new ModelCases(name(), group, folder, model, runner).run();
      }
      if (Files.isRegularFile(folder.resolve(PRETRAINED))
          || Files.isRegularFile(folder.resolve(GREEDY_TEXT))) {
        any = true;
        new PretrainedCases(name(), group, folder, model, runner).run();
      }
      if (!any) {
        runner.skip(name(), group, "model", "there is neither " + EXPECTED + " nor " + PRETRAINED);
      }
    } catch (SkippedCaseException e) {
      runner.skip(name(), group, "model", String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      runner.fail(name(), group, "model", e);
    }
  }
}
