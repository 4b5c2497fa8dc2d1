package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.rlhf.feedback.EditCosts;
import org.alignment4j.rlhf.feedback.EditMarkers;
import org.alignment4j.rlhf.feedback.EditText;
import org.alignment4j.rlhf.feedback.SecondThoughts;

/**
 * Edits of the pocket model's replies, in its own words. Its corpus holds neither angle brackets
 * nor bars, whose embeddings, from which it also chooses what to write, are as they were drawn: it
 * cannot tell them apart and never learns to write {@link EditMarkers#standard()}. Replies begin
 * with the blank that they have behind their prompts, so that their first words are those that it
 * knows.
 */
final class EditChains {

  /** A line break, a word of the corpus and a colon: a token each. */
  static final EditMarkers MARKERS =
      new EditMarkers(
          "\n reply:",
          "\n mend:",
          "\n keep:",
          "\n replace:",
          "\n with:",
          "\n leave:",
          "\n add:",
          "\n answer:");

  private static final SecondThoughts EDITS =
      new SecondThoughts(EditCosts.standard(), new EditText(MARKERS));

  private EditChains() {}

  /** What is learned of pairs. */
  static List<PromptCompletion> examples(List<PreferencePair> pairs) {
    return EDITS.examples(
        pairs.stream()
            .map(
                pair ->
                    new PreferencePair(
                        pair.prompt(),
                        reply(pair.chosen()),
                        reply(pair.rejected()),
                        pair.probability(),
                        pair.margin(),
                        pair.annotator()))
            .toList());
  }

  /** Asks for edits of a draft. */
  static Prompt prompt(Prompt prompt, Completion draft) {
    return EDITS.prompt(prompt, reply(draft.text()));
  }

  /**
   * Reads the reply that edits lead to, with the end token where the model ended them.
   *
   * @param draft what was edited, and the reply where no text can be read
   * @param written by the model that edits; behind a prompt it lacks the first line break
   * @param tokenizer of the model
   */
  static Completion read(Completion draft, Completion written, Tokenizer tokenizer) {
    String edits = "\n " + written.text().strip();
    String text = EDITS.read(reply(draft.text()), edits).text();
    if (text == null) {
      return draft;
    }
    text = reply(text);
    TokenIds tokens = tokenizer.encode(text);
    if (written.finishReason() == FinishReason.EOS) {
      int end = written.tokens().size() - 1;
      tokens = tokens.concat(written.tokens().slice(end, end + 1));
    }
    return new Completion(text, tokens, null, null, List.of(), written.finishReason(), Usage.NONE);
  }

  /** A reply as it stands behind its prompt: one line, so that no marker is in it. */
  private static String reply(String text) {
    return " " + text.strip().lines().findFirst().orElse("");
  }
}
