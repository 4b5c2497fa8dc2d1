package org.alignment4j.examples.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.examples.Conformance;
import org.alignment4j.examples.console.ConsoleProgram;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the program over cases in a folder of their own. */
abstract class ConformanceRuns {

  /** A row of logits whose probabilities are a quarter and three quarters. */
  static final String SAMPLING =
      """
      {"logits": [[0.0, 1.0986122886681098]], "input_ids": [[0, 1]], "cases": [
        {"name": "%s", "scores_finite": [[0.0, 1.0986122886681098]],
         "probs": [[%s, 0.75]], "kept": [2]}]}
      """;

  @TempDir Path folder = Path.of("");

  record Run(int exitCode, String out, String err) {}

  static Run run(Path cases, Path root) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ConsoleProgram.of(new Conformance())
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute("--cases", cases.toString(), "--root", root.toString());
    return new Run(code, out.toString(), err.toString());
  }

  void write(String file, String text) throws IOException {
    Path target = folder.resolve(file);
    Files.createDirectories(target.resolveSibling("."));
    Files.writeString(target, text);
  }

  /** Adds to a number of a file. */
  void shift(String file, String object, String key, double by) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path path = folder.resolve(file);
    ObjectNode all = (ObjectNode) json.readTree(path.toFile());
    ObjectNode numbers = (ObjectNode) all.at(object);
    numbers.put(key, numbers.get(key).doubleValue() + by);
    json.writeValue(path.toFile(), all);
  }
}
