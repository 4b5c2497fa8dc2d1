package org.alignment4j.examples.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Every reference case below two folders: cases laid out by kind, and tokenizers and models beside
 * them. Which models, files and values there are is discovered; tolerances are fixed.
 */
public final class ConformanceSuite {

  private final Path cases;
  private final Path root;

  /**
   * @param cases a folder with one folder per kind
   * @param root where folders named {@code tokenizers} and {@code models} are looked for
   * @throws IllegalArgumentException if either is not a folder
   */
  public ConformanceSuite(Path cases, Path root) {
    this.cases = folder("cases", cases);
    this.root = folder("root", root);
  }

  private static Path folder(String parameter, Path path) {
    if (!Files.isDirectory(path)) {
      throw new IllegalArgumentException(
          parameter
              + " must be a folder but "
              + path.toAbsolutePath().normalize()
              + " is none; give the folder that holds the reference cases");
    }
    return path.toAbsolutePath().normalize();
  }

  /**
   * Runs everything.
   *
   * @param listener is told of each result at once
   * @return every result
   * @throws IllegalArgumentException if there is no case at all
   * @throws IOException if folders cannot be listed
   */
  public ConformanceReport run(Consumer<CaseResult> listener) throws IOException {
    CaseRunner runner = new CaseRunner(listener);
    for (ConformanceKind kind : kinds()) {
      try {
        kind.run(runner);
      } catch (IOException | RuntimeException e) {
        runner.fail(kind.name(), kind.name(), "cases", e);
      }
    }
    if (runner.results().isEmpty()) {
      throw new IllegalArgumentException(
          "cases must hold reference cases but "
              + cases
              + " has none, nor are there tokenizers or models below "
              + root);
    }
    return new ConformanceReport(runner.results());
  }

  private List<ConformanceKind> kinds() throws IOException {
    List<ConformanceKind> kinds = new ArrayList<>();
    for (Path folder : Folders.folders(cases)) {
      switch (String.valueOf(folder.getFileName())) {
        case "sampling" -> kinds.add(new SamplingKind(folder));
        case "chat-templates" -> kinds.add(new ChatTemplatesKind(folder));
        case "train" -> kinds.add(new TrainKind(cases, folder));
        case "rl" -> kinds.add(new RlKind(folder));
        case "interp" -> kinds.add(new InterpKind(cases, folder));
        case "eval" -> kinds.add(new EvalKind(folder));
        case "models", "tokenizers" -> {} // found below
        default -> kinds.add(new UnsupportedKind(folder));
      }
    }
    List<Path> roots = List.of(root, cases);
    kinds.add(new ModelsKind(cases.resolve("models"), roots));
    kinds.add(new TokenizersKind(roots));
    return kinds;
  }
}
