package org.alignment4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.core.data.Preferences;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.rlhf.data.PreferenceExample;
import org.alignment4j.runtime.tokenizer.HfTokenizer;

/**
 * Preference training of adapters of rank 16 at the shape of GPT-2 small on pairs of real lengths.
 *
 * @param cachedReference whether the log-probabilities of the reference are known before, instead
 *     of computed in every step
 * @param pairs the pairs of each step, steps in order
 */
record PreferenceCase(
    GptShape shape, boolean cachedReference, List<List<PreferenceExample>> pairs) {

  static final double BETA = 0.1;
  static final double LEARNING_RATE = 1e-4;

  private static final int PAIRS_PER_STEP = 4;
  private static final int LONGEST_PROMPT = 384;
  private static final int LONGEST_ANSWER = 256;
  private static final int STEPS = 12;
  private static final int CONTEXT = 1024;

  /** Reads pairs in the order of the file, prompts cut at the front, answers at the end. */
  static PreferenceCase read(Path preferences, Path tokenizer, boolean cachedReference) {
    List<List<PreferenceExample>> steps = new ArrayList<>();
    try (HfTokenizer text = HfTokenizer.load(tokenizer)) {
      List<PreferenceExample> step = new ArrayList<>();
      int index = 0;
      for (PreferencePair pair : Preferences.read(preferences, ReadOptions.tolerant())) {
        TokenIds prompt = last(text.encode(spelled(pair.prompt())));
        TokenIds chosen = first(text.encode(pair.chosen()));
        TokenIds rejected = first(text.encode(pair.rejected()));
        if (prompt.isEmpty() || chosen.isEmpty() || rejected.isEmpty() || chosen.equals(rejected)) {
          continue;
        }
        step.add(new PreferenceExample(index++, prompt, chosen, rejected, 1));
        if (step.size() == PAIRS_PER_STEP) {
          steps.add(List.copyOf(step));
          step.clear();
        }
        if (steps.size() == STEPS) {
          break;
        }
      }
    }
    GptShape medium = GptShape.medium();
    GptShape shape =
        new GptShape(
            "M-DPO",
            medium.layers(),
            medium.width(),
            medium.heads(),
            medium.vocab(),
            CONTEXT,
            1,
            medium.gigaflop());
    return new PreferenceCase(shape, cachedReference, steps);
  }

  /** The arguments: {@code reference} or {@code cached}, the pairs, the tokenizer's folder. */
  static PreferenceCase parse(String[] args) {
    if (args.length < 3 || !(args[0].equals("reference") || args[0].equals("cached"))) {
      throw new IllegalArgumentException(
          "Arguments are 'reference' or 'cached', a file of preference pairs, the folder of a"
              + " tokenizer; got "
              + String.join(" ", args));
    }
    return read(Path.of(args[1]), Path.of(args[2]), args[0].equals("cached"));
  }

  private static String spelled(Prompt prompt) {
    StringBuilder text = new StringBuilder();
    if (prompt instanceof Prompt.Text plain) {
      text.append(plain.text());
    } else if (prompt instanceof Prompt.Chat chat) {
      chat.messages()
          .forEach(m -> text.append(m.role()).append(": ").append(m.content()).append('\n'));
    }
    return text.toString();
  }

  private static TokenIds last(TokenIds ids) {
    return ids.slice(Math.max(0, ids.size() - LONGEST_PROMPT), ids.size());
  }

  private static TokenIds first(TokenIds ids) {
    return ids.slice(0, Math.min(LONGEST_ANSWER, ids.size()));
  }
}
