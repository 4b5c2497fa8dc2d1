package org.alignment4j.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.examples.sentiment.SentimentAlignment;
import org.alignment4j.examples.sentiment.SentimentSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes a story model tell happier stories, and measures by how much. */
@Command(
    name = "Sentiment",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a reward model on a story model's own continuations, labelled by a lexicon of",
      "sentiment; trains the story model by DPO on continuations that the reward model ranked; and",
      "measures both against the lexicon on held-out prompts."
    })
public final class Sentiment implements Callable<Integer> {

  @Option(
      names = "--model",
      description =
          "Hugging Face checkpoint folder of a model that continues stories, such as stories260K"
              + " (default: ${DEFAULT-VALUE})",
      defaultValue = "../shared/models/stories260K")
  private Path model = Path.of("");

  @Option(
      names = "--stories",
      description =
          "stories whose first sentences are the prompts: a JSON list of strings, JSONL or text"
              + " (default: ${DEFAULT-VALUE})",
      defaultValue = "../shared/data/tinystories-sample/tinystories_1000.json")
  private Path stories = Path.of("");

  @Option(
      names = "--run",
      description = "run folder; an interrupted run resumes (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/sentiment")
  private Path run = Path.of("");

  @Option(names = "--seed", description = "seed (default: ${DEFAULT-VALUE})", defaultValue = "1")
  private long seed;

  @Option(
      names = "--beta",
      description = "how strongly DPO holds the model near its base (default: ${DEFAULT-VALUE})",
      defaultValue = "0.1")
  private double beta;

  @Override
  public Integer call() {
    if (!Files.isDirectory(model)) {
      System.err.printf(
          "--model must be a Hugging Face checkpoint folder but %s is none; name one%n", model);
      return 2;
    }
    if (!Files.isRegularFile(stories)) {
      System.err.printf("--stories must be a file of stories but %s is none; name one%n", stories);
      return 2;
    }
    try {
      SentimentSettings settings = SentimentSettings.defaults(seed, beta);
      new SentimentAlignment(model, stories, run, settings, System.out).run();
      return 0;
    } catch (AlignmentException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Sentiment()).execute(args));
  }
}
