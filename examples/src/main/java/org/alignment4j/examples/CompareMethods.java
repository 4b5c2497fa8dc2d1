package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignment4j.examples.compare.MethodComparison;
import org.alignment4j.examples.compare.Sizes;
import org.alignment4j.examples.console.ConsoleProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares methods of alignment on the pocket model. */
@Command(
    name = "CompareMethods",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains the bundled pocket model by a dozen methods of alignment, or by every one, and"
          + " measures each by its own objective, by the truth of the world, and by how far it"
          + " went."
    })
public final class CompareMethods implements Callable<Integer> {

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/compare")
  private Path run = Path.of("");

  @Option(
      names = "--seeds",
      description = "seeds 1 to N (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int seeds;

  @Option(names = "--methods", split = ",", description = "only these methods")
  private List<String> methods = List.of();

  @Option(names = "--all", description = "every method, not only one of each family")
  private boolean all;

  @Option(
      names = "--prompts",
      description = "at most this many held-out prompts of each kind (default: ${DEFAULT-VALUE})",
      defaultValue = "200")
  private int prompts;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    if (seeds < 1) {
      throw ConsoleProgram.wrong(command, "--seeds must be at least 1 but was " + seeds);
    }
    if (prompts < 2) {
      throw ConsoleProgram.wrong(command, "--prompts must be at least 2 but was " + prompts);
    }
    if (all && !methods.isEmpty()) {
      throw ConsoleProgram.wrong(command, "--all and --methods exclude each other: give one");
    }
    comparison().run();
    return 0;
  }

  private MethodComparison comparison() {
    Sizes sizes = Sizes.standard().withItems(prompts);
    if (all) {
      return MethodComparison.all(run, seeds, sizes, System.out);
    }
    if (methods.isEmpty()) {
      return MethodComparison.standard(run, seeds, sizes, System.out);
    }
    try {
      return MethodComparison.of(methods, run, seeds, sizes, System.out);
    } catch (IllegalArgumentException e) {
      throw ConsoleProgram.wrong(command, "--methods: " + e.getMessage());
    }
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new CompareMethods()).execute(args));
  }
}
