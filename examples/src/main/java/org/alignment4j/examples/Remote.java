package org.alignment4j.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.remote.OpenAiEndpoint;
import org.alignment4j.examples.remote.RemoteDebate;
import org.alignment4j.examples.remote.RemoteQuestions;
import org.alignment4j.examples.remote.RemoteSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has a model behind an OpenAI-compatible endpoint debate with itself. */
@Command(
    name = "Remote",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description =
        "Runs debates over a few bundled questions with the model of an OpenAI-compatible endpoint"
            + " in all roles, and compares the judge's verdicts with those without a debate. Every"
            + " call is recorded: a run that was interrupted goes on where it stopped, and a"
            + " finished one repeats without a call.")
public final class Remote implements Callable<Integer> {
  /** A question's calls share its attempts; what was answered is not asked for again. */
  private static final int ATTEMPTS = 20;

  @Option(
      names = "--base-url",
      description = "the endpoint, such as http://localhost:8080/v1 (default: ${DEFAULT-VALUE})",
      defaultValue = "http://localhost:8080/v1")
  private String baseUrl = "";

  @Option(names = "--model", required = true, description = "the model's name at the endpoint")
  private String model = "";

  @Option(
      names = "--key-variable",
      description =
          "environment variable that holds the key; when it is not set, the word 'none' is sent as"
              + " the key (default: ${DEFAULT-VALUE})",
      defaultValue = "OPENAI_API_KEY")
  private String keyVariable = "";

  @Option(
      names = "--timeout",
      description = "seconds after which a call is given up (default: ${DEFAULT-VALUE})",
      defaultValue = "120")
  private long timeout;

  @Option(
      names = "--rounds",
      description = "rounds of a debate (default: ${DEFAULT-VALUE})",
      defaultValue = "2")
  private int rounds;

  @Option(
      names = "--at-once",
      description = "most questions at once (default: ${DEFAULT-VALUE})",
      defaultValue = "4")
  private int atOnce;

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--run",
      paramLabel = "DIR",
      description = "run folder (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/remote")
  private Path run = Path.of("");

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    if (timeout < 1) {
      throw ConsoleProgram.wrong(command, "--timeout must be at least 1 but was " + timeout);
    }
    String key = Objects.requireNonNullElse(System.getenv(keyVariable), "");
    OpenAiEndpoint endpoint = new OpenAiEndpoint(baseUrl, model, key, Duration.ofSeconds(timeout));
    RemoteSettings settings =
        new RemoteSettings(rounds, atOnce, seed, RetryPolicy.DEFAULT.withMaxAttempts(ATTEMPTS));
    RemoteDebate debate = new RemoteDebate(endpoint, settings, run, command.commandLine().getOut());
    debate.run(RemoteQuestions.bundled());
    return 0;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Remote()).execute(args));
  }
}
