package org.alignment4j.examples;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignment4j.examples.compare.MethodComparison;
import org.alignment4j.examples.compare.Seeds;
import org.alignment4j.examples.compare.Sizes;
import org.alignment4j.examples.console.ConsoleProgram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Compares methods of alignment on the pocket model. The exit code is 0 when every method improved
 * its own objective beyond chance, {@value #NOT_IMPROVED} when one did not, 1 when the work could
 * not be done, and 2 when an option is wrong.
 */
@Command(
    name = "CompareMethods",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains the bundled pocket model by a dozen methods of alignment, or by every one, and"
          + " measures each by its own objective, by the truth of the world, and by how far it"
          + " went."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every method improved its own objective beyond chance",
      "1:the work could not be done",
      "2:an option is wrong",
      "3:an own objective did not improve beyond chance; the standard error says which"
    })
public final class CompareMethods implements Callable<Integer> {

  /** The exit code when an own objective did not improve beyond chance. */
  static final int NOT_IMPROVED = 3;

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/compare")
  private Path run = Path.of("");

  @Option(
      names = "--seeds",
      description = "how many seeds (default: ${DEFAULT-VALUE})",
      defaultValue = "3")
  private int seeds;

  @Option(
      names = "--first-seed",
      description = {
        "the lowest seed (default: ${DEFAULT-VALUE}); rates were chosen on seed 101, so take none"
            + " that reaches it for figures to report"
      },
      defaultValue = "1")
  private long firstSeed;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "<method>",
      completionCandidates = MethodNames.class,
      description = "only these methods, in any case, of: ${COMPLETION-CANDIDATES}")
  private List<String> methods = List.of();

  @Option(names = "--all", description = "every method, not only one of each family")
  private boolean all;

  @Option(
      names = "--prompts",
      description = "at most this many held-out prompts of each kind (default: ${DEFAULT-VALUE})",
      defaultValue = "200")
  private int prompts;

  /** What may be chosen from, for the help. */
  static final class MethodNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return MethodComparison.names().iterator();
    }
  }

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
    return ending(comparison().run(), command.commandLine().getErr());
  }

  /**
   * The exit code of a finished comparison.
   *
   * @param notImproved names of the methods whose objective did not improve beyond chance
   * @param err is told them
   */
  static int ending(List<String> notImproved, PrintWriter err) {
    if (notImproved.isEmpty()) {
      return 0;
    }
    err.println(
        "the own objective of every method must improve beyond chance but did not for "
            + String.join(", ", notImproved)
            + "; take another rate, or more seeds");
    err.flush();
    return NOT_IMPROVED;
  }

  private MethodComparison comparison() {
    Sizes sizes = Sizes.standard().withItems(prompts);
    Seeds chosen = new Seeds(firstSeed, seeds);
    if (all) {
      return MethodComparison.all(run, chosen, sizes, System.out);
    }
    if (methods.isEmpty()) {
      return MethodComparison.standard(run, chosen, sizes, System.out);
    }
    try {
      return MethodComparison.of(methods, run, chosen, sizes, System.out);
    } catch (IllegalArgumentException e) {
      throw ConsoleProgram.wrong(command, "--methods: " + e.getMessage());
    }
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new CompareMethods()).execute(args));
  }
}
