package org.alignment4j.examples;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.sentiment.PreferenceSettings;
import org.alignment4j.examples.sentiment.ReinforcementSettings;
import org.alignment4j.examples.sentiment.SentimentAlignment;
import org.alignment4j.examples.sentiment.SentimentSettings;
import org.alignment4j.examples.sentiment.TuningSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a story model tell happier stories, and measures by how much. */
@Command(
    name = "Sentiment",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Trains a reward model on a story model's own continuations, labelled by a lexicon of",
      "sentiment; trains the story model by DPO on continuations that the reward model ranked, or by",
      "GRPO or PPO on its score; and measures both against the lexicon on held-out prompts."
    })
public final class Sentiment implements Callable<Integer> {

  @Option(
      names = "--model",
      required = true,
      description =
          "Hugging Face checkpoint folder of a model that continues stories, such as stories260K")
  private Path model = Path.of("");

  @Option(
      names = "--stories",
      required = true,
      description =
          "stories whose first sentences are the prompts: a JSON list of strings, JSONL or text")
  private Path stories = Path.of("");

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/sentiment")
  private Path run = Path.of("");

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--method",
      description = "how the story model is trained: dpo, grpo or ppo (default: ${DEFAULT-VALUE})",
      defaultValue = "dpo")
  private String method = "";

  @Option(
      names = "--beta",
      description = "how strongly DPO holds the model near its base (default: ${DEFAULT-VALUE})",
      defaultValue = "0.1")
  private double beta;

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() {
    ConsoleProgram.requireCheckpoint(command, "--model", model);
    ConsoleProgram.requireFile(command, "--stories", stories);
    if (!(beta > 0) || Double.isInfinite(beta)) {
      throw ConsoleProgram.wrong(command, "--beta must be positive and finite but was " + beta);
    }
    SentimentSettings settings = SentimentSettings.defaults(seed, tuning());
    new SentimentAlignment(model, stories, run, settings, System.out).run();
    return 0;
  }

  private TuningSettings tuning() {
    boolean betaGiven = command.commandLine().getParseResult().hasMatchedOption("--beta");
    if (betaGiven && !method.equals("dpo")) {
      throw ConsoleProgram.wrong(
          command,
          "--beta belongs to --method dpo but the method was " + method + "; leave it out");
    }
    return switch (method) {
      case "dpo" -> PreferenceSettings.defaults(beta);
      case "grpo" -> ReinforcementSettings.grpo();
      case "ppo" -> ReinforcementSettings.ppo();
      default ->
          throw ConsoleProgram.wrong(
              command, "--method must be dpo, grpo or ppo but was " + method);
    };
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Sentiment()).execute(args));
  }
}
