package org.alignment4j.examples.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.core.report.VisibleText;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * How every program ends that cannot do its work: a wrong option is one line and the usage, with
 * the exit code 2; a failure is one line, with the exit code 1. Both go to the standard error. Only
 * a fault of the program itself shows a stack trace.
 */
public final class ConsoleProgram {

  private ConsoleProgram() {}

  /**
   * Prepares a program.
   *
   * @param program annotated for picocli
   * @return what parses its arguments and runs it
   */
  public static CommandLine of(Callable<Integer> program) {
    return new CommandLine(program)
        .setParameterExceptionHandler(ConsoleProgram::wrongOption)
        .setExecutionExceptionHandler(ConsoleProgram::failure);
  }

  /**
   * What a program throws when an option is wrong.
   *
   * @param program the program's own description
   * @param problem option, rule, offending value and remedy
   * @return the exception to throw
   */
  public static ParameterException wrong(CommandSpec program, String problem) {
    return new ParameterException(program.commandLine(), problem);
  }

  /**
   * Checks before any work that an option names a checkpoint.
   *
   * @param program the program's own description
   * @param option the option's name
   * @param folder its value
   * @throws ParameterException if it is no folder with a {@code config.json}
   */
  public static void requireCheckpoint(CommandSpec program, String option, Path folder) {
    boolean isFolder = Files.isDirectory(folder);
    if (!isFolder || !Files.isRegularFile(folder.resolve("config.json"))) {
      throw wrong(
          program,
          "%s must be a Hugging Face checkpoint folder but %s %s; name a folder that holds a model"
              .formatted(option, folder, isFolder ? "has no config.json" : "is no folder"));
    }
  }

  /**
   * Checks before any work that an option names a file.
   *
   * @param program the program's own description
   * @param option the option's name
   * @param file its value
   * @throws ParameterException if it is no file that can be read
   */
  public static void requireFile(CommandSpec program, String option, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw wrong(
          program,
          "%s must be a file but %s is none that can be read; name one".formatted(option, file));
    }
  }

  private static int wrongOption(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(VisibleText.oneLine(String.valueOf(e.getMessage())));
    line.usage(err);
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failure(Exception e, CommandLine line, ParseResult parsed) throws Exception {
    if (!isFailure(e)) {
      throw e;
    }
    line.getErr().println(VisibleText.lines(String.valueOf(e.getMessage())));
    line.getErr().flush();
    return ExitCode.SOFTWARE;
  }

  private static boolean isFailure(Exception e) {
    return e instanceof AlignmentException
        || e instanceof IllegalArgumentException
        || e instanceof IllegalStateException
        || e instanceof UncheckedIOException
        || e instanceof IOException;
  }
}
