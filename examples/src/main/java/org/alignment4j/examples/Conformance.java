package org.alignment4j.examples;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.examples.conformance.ConformanceReport;
import org.alignment4j.examples.conformance.ConformanceSuite;
import org.alignment4j.examples.conformance.Outcome;
import org.alignment4j.examples.console.ConsoleProgram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares the library with reference numbers: runs every case of a folder and prints the worst
 * error of each. The exit code is 0 if none failed, 1 if one did, 2 if nothing could be run.
 */
@Command(
    name = "Conformance",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = "Runs every reference case of a folder and compares with its numbers.")
public final class Conformance implements Callable<Integer> {

  @Option(
      names = "--cases",
      required = true,
      paramLabel = "DIR",
      description = "folder with one folder per kind of case: models, train, sampling, …")
  private Path cases = Path.of("");

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "where folders named tokenizers and models are looked for (${DEFAULT-VALUE})")
  private Path root = Path.of(".");

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the program and exits with its code. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Conformance()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ConformanceReport report;
    try {
      report = new ConformanceSuite(cases, root).run(result -> {});
    } catch (IllegalArgumentException e) {
      throw ConsoleProgram.wrong(spec, String.valueOf(e.getMessage()));
    }
    out.println(report.cases());
    out.print(report.summary());
    long failed = report.count(Outcome.FAILED);
    out.println(
        failed > 0
            ? failed + " of " + report.results().size() + " cases failed."
            : report.count(Outcome.PASSED) == 0
                ? "No case was compared: all were skipped."
                : "No case failed.");
    out.flush();
    return failed > 0 ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }
}
