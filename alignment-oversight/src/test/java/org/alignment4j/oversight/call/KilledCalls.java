package org.alignment4j.oversight.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.oversight.ScriptedModel;

/** A process that asks for many answers in one step and is killed while they come. */
final class KilledCalls {
  static final int ANSWERS = 60;

  private static final int MILLIS = 5;

  private KilledCalls() {}

  /** The folder of its journal and of the list of what was paid, and the kind of model. */
  public static void main(String[] arguments) throws IOException {
    Path run = Path.of(arguments[0]);
    Files.createDirectories(run);
    Path paid = run.resolve("paid.txt");
    LanguageModel slow =
        ScriptedModel.of(
            (prompt, seed, draw) -> {
              pay(paid, prompt);
              return "reply to " + prompt;
            });
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < ANSWERS; i++) {
      prompts.add(Prompt.text("prompt " + i));
    }
    try (RecordedCalls calls =
        RecordedCalls.open(run.resolve("calls.jsonl"), Map.of("run", "killed"))) {
      int answers =
          calls
              .as("debater", arguments[1].equals("numbered") ? new NumberedModel(slow) : slow)
              .generate(prompts, SamplingOptions.sampling(5, 1))
              .size();
      System.out.println("answers " + answers + ", known " + calls.knownAnswers());
    }
  }

  private static void pay(Path paid, String prompt) {
    try {
      Files.writeString(
          paid,
          prompt + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      Thread.sleep(MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new ModelExecutionException("interrupted", e);
    }
  }
}
