package org.alignment4j.examples.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.alignment4j.examples.Align;
import org.alignment4j.examples.CompareMethods;
import org.alignment4j.examples.Conformance;
import org.alignment4j.examples.Overoptimise;
import org.alignment4j.examples.Pareto;
import org.alignment4j.examples.PretrainPocket;
import org.alignment4j.examples.Sentiment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;

/** What programs say and return when an option is wrong, and when their work fails. */
class ConsoleProgramTest {

  @TempDir Path folder;
  private String model = "";
  private String pairs = "";

  private record Run(int code, String err) {}

  private static Run run(Callable<Integer> program, String... arguments) {
    StringWriter err = new StringWriter();
    int code = ConsoleProgram.of(program).setErr(new PrintWriter(err, true)).execute(arguments);
    return new Run(code, err.toString());
  }

  @BeforeEach
  void writeFiles() throws IOException {
    Path checkpoint = Files.createDirectory(folder.resolve("model"));
    Files.writeString(checkpoint.resolve("config.json"), "{\"model_type\": \"mamba\"}");
    model = checkpoint.toString();
    pairs = Files.writeString(folder.resolve("pairs.jsonl"), "").toString();
  }

  private void assertWrong(String line, Callable<Integer> program, String... arguments) {
    Run run = run(program, arguments);
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines().findFirst()).contains(line);
    assertThat(run.err().lines().skip(1).findFirst()).hasValueSatisfying(this::isUsage);
    assertThat(run.err()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  private void isUsage(String line) {
    assertThat(line).startsWith("Usage: ");
  }

  static Stream<Supplier<Callable<Integer>>> programs() {
    return Stream.of(
        Align::new,
        Sentiment::new,
        CompareMethods::new,
        Overoptimise::new,
        Pareto::new,
        PretrainPocket::new,
        Conformance::new);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void anUnknownOptionIsWrong(Supplier<Callable<Integer>> program) {
    String[] known =
        program.get() instanceof Sentiment
            ? new String[] {"--model", model, "--stories", pairs, "--colour"}
            : program.get() instanceof Conformance
                ? new String[] {"--cases", model, "--colour"}
                : new String[] {"--colour"};
    assertWrong("Unknown option: '--colour'", program.get(), known);
  }

  @ParameterizedTest
  @MethodSource("programs")
  void helpAndVersionAreNoFault(Supplier<Callable<Integer>> program) {
    assertThat(run(program.get(), "--help")).isEqualTo(new Run(0, ""));
    assertThat(run(program.get(), "--version")).isEqualTo(new Run(0, ""));
  }

  @Test
  void optionsThatAreNeededAreNamed() {
    assertWrong(
        "Missing required options: '--model=<model>', '--stories=<stories>'", new Sentiment());
    assertWrong("Missing required option: '--cases=DIR'", new Conformance());
  }

  @Test
  void valuesOutOfRangeAreWrong() {
    assertWrong("--limit must be at least 1 but was 0", new Align(), "--limit", "0");
    assertWrong(
        "--model and --preferences belong together: give both, or neither",
        new Align(),
        "--model",
        model);
    assertWrong(
        "--beta must be positive and finite but was -0.1",
        new Sentiment(),
        "--model",
        model,
        "--stories",
        pairs,
        "--beta=-0.1");
    assertWrong(
        "--steps must be positive, or 0 for the bundled model's count, but was -3",
        new PretrainPocket(),
        "--steps=-3");
    assertWrong(
        "Invalid value for option '--seed': 'one' is not a long", new Align(), "--seed", "one");
  }

  @Test
  void aFolderWithoutAModelIsFoundBeforeAnyWork() {
    Path run = folder.resolve("run");
    String absent = folder.resolve("absent").toString();
    assertWrong(
        "--model must be a Hugging Face checkpoint folder but %s is no folder; name a folder that holds a model"
            .formatted(absent),
        new Align(),
        "--model",
        absent,
        "--preferences",
        pairs,
        "--run",
        run.toString());
    assertWrong(
        "--model must be a Hugging Face checkpoint folder but %s has no config.json; name a folder that holds a model"
            .formatted(folder),
        new Sentiment(),
        "--model",
        folder.toString(),
        "--stories",
        pairs,
        "--run",
        run.toString());
    assertWrong(
        "--preferences must be a file but %s is none that can be read; name one".formatted(absent),
        new Align(),
        "--model",
        model,
        "--preferences",
        absent);
    assertWrong(
        "--stories must be a file but %s is none that can be read; name one".formatted(absent),
        new Sentiment(),
        "--model",
        model,
        "--stories",
        absent);
    assertThat(run).doesNotExist();
  }

  @Test
  void workThatFailsIsOneLine() {
    Run run = run(new Align(), "--model", model, "--preferences", pairs);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("preferences must hold at least 4 usable pairs");
  }

  @Command(name = "Faulty")
  private static final class Faulty implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new ArrayIndexOutOfBoundsException("at 7");
    }
  }

  @Test
  void aFaultOfTheProgramItselfShowsWhereItIs() {
    Run run = run(new Faulty());
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("ArrayIndexOutOfBoundsException: at 7").contains("\tat ");
  }
}
