package org.alignment4j.examples.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import org.alignment4j.examples.Conformance;
import org.alignment4j.examples.console.ConsoleProgram;

/** Reference files of rl whose cases are replaced by ones with other options. */
final class RlCases {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String file;
  private final ObjectNode root;
  private final ArrayNode cases;
  private final JsonNode first;

  private RlCases(String file, ObjectNode root) {
    this.file = file;
    this.root = root;
    this.first = root.at("/cases/0").deepCopy();
    this.cases = root.putArray("cases");
  }

  static RlCases of(String file) throws IOException {
    Path fixture = SharedCases.folder().resolve("fixtures/rl").resolve(file);
    return new RlCases(file, (ObjectNode) JSON.readTree(fixture.toFile()));
  }

  ObjectNode root() {
    return root;
  }

  /** Adds a copy of the first case. */
  ObjectNode add() {
    ObjectNode one = first.deepCopy();
    cases.add(one);
    return one;
  }

  double[] numbers(String key) {
    return JSON.convertValue(root.get(key), double[].class);
  }

  double[][] rows(String key) {
    return JSON.convertValue(root.get(key), double[][].class);
  }

  static void put(ObjectNode one, String key, Object value) {
    one.set(key, JSON.valueToTree(value));
  }

  /** Runs the program on the file, of which every case must pass. */
  String passes(Path folder) throws IOException {
    String out = run(folder);
    assertThat(out).doesNotContain("FAIL", "skip ").contains("No case failed.");
    return out;
  }

  String run(Path folder) throws IOException {
    Path target = folder.resolve("rl").resolve(file);
    Files.createDirectories(folder.resolve("rl"));
    JSON.writeValue(target.toFile(), root);
    return runAll(folder);
  }

  /** Runs the program on every file of a folder. */
  static String runAll(Path folder) {
    StringWriter out = new StringWriter();
    ConsoleProgram.of(new Conformance())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(out, true))
        .execute("--cases", folder.toString(), "--root", folder.toString());
    return out.toString();
  }

  /** The gradient by differences of fourth order. */
  static double[] gradient(ToDoubleFunction<double[]> function, double[] at) {
    double h = 5e-4;
    double[] gradient = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double far = at(function, at, i, 2 * h) - at(function, at, i, -2 * h);
      double near = at(function, at, i, h) - at(function, at, i, -h);
      gradient[i] = (8 * near - far) / (12 * h);
    }
    return gradient;
  }

  private static double at(ToDoubleFunction<double[]> function, double[] at, int i, double by) {
    double[] moved = at.clone();
    moved[i] += by;
    return function.applyAsDouble(moved);
  }
}
