package org.alignment4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.inspect.Behaviour;
import org.alignment4j.examples.inspect.Inspection;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.pocket.world.Document;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks inside a model: where the answer to a prompt comes from. */
@Command(
    name = "Inspect",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    description = {
      "Finds where the answer to a prompt comes from, against a contrast prompt of as many tokens:",
      "logit lens, direct logit attribution, attention patterns, activation patching, a circuit by",
      "EAP-IG, and pages of the neurons that speak for it. Without options it looks at facts of the",
      "bundled pocket model."
    })
public final class Inspect implements Callable<Integer> {

  private static final int FACTS = 8;
  private static final int TEXTS = 400;
  private static final int LONGEST = 128;
  private static final long CORPUS_SEED = 7;

  @Option(
      names = "--model",
      description = "Hugging Face checkpoint folder (default: the bundled pocket model)")
  private @Nullable Path model;

  @Option(names = "--prompt", description = "text before an answer; with --model")
  private String prompt = "";

  @Option(names = "--answer", description = "the answer, whose first token counts; with --prompt")
  private String answer = "";

  @Option(
      names = "--contrast",
      description = "text of as many tokens that has another answer; with --prompt")
  private String contrast = "";

  @Option(names = "--contrast-answer", description = "that answer; with --contrast")
  private String other = "";

  @Option(
      names = "--corpus",
      description = "text file, a text a line, that pages of neurons are made from; with --model")
  private @Nullable Path corpus;

  @Option(
      names = "--run",
      description = "folder of the report and the pictures (default: ${DEFAULT-VALUE})",
      defaultValue = "runs/inspect")
  private Path run = Path.of("");

  @Spec private CommandSpec command = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (model == null) {
      if (!prompt.isEmpty() || !answer.isEmpty() || !contrast.isEmpty() || !other.isEmpty()) {
        throw ConsoleProgram.wrong(
            command, "--prompt and its companions need --model; name a checkpoint folder");
      }
      PocketWorld world = BundledPocket.world();
      try (DecoderModel pocket = BundledPocket.load(run)) {
        List<Behaviour> facts = Behaviour.homes(world, pocket.tokenizer(), FACTS);
        List<String> texts = world.corpus(CORPUS_SEED, TEXTS).map(Document::text).toList();
        inspect("the pocket model", pocket, facts, texts);
      }
      return 0;
    }
    ConsoleProgram.requireCheckpoint(command, "--model", model);
    if (prompt.isEmpty() || answer.isEmpty() || contrast.isEmpty() || other.isEmpty()) {
      throw ConsoleProgram.wrong(
          command, "--model needs --prompt, --answer, --contrast and --contrast-answer");
    }
    List<String> texts = List.of();
    if (corpus != null) {
      ConsoleProgram.requireFile(command, "--corpus", corpus);
      texts = Files.readAllLines(corpus).stream().filter(line -> !line.isBlank()).toList();
    }
    try (DecoderModel loaded = DecoderModel.load(model)) {
      inspect(
          String.valueOf(model.toAbsolutePath().normalize().getFileName()),
          loaded,
          List.of(new Behaviour(prompt, answer, contrast, other)),
          texts);
    }
    return 0;
  }

  private void inspect(
      String name, DecoderModel loaded, List<Behaviour> behaviours, List<String> texts) {
    Tokenizer tokenizer = loaded.tokenizer();
    List<TokenIds> sequences =
        texts.stream()
            .map(tokenizer::encodeWithSpecialTokens)
            .filter(ids -> !ids.isEmpty())
            .map(ids -> ids.slice(0, Math.min(LONGEST, ids.size())))
            .toList();
    new Inspection(name, loaded, behaviours, sequences, run, System.out).run();
  }

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(ConsoleProgram.of(new Inspect()).execute(args));
  }
}
