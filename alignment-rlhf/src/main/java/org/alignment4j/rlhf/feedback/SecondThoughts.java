package org.alignment4j.rlhf.feedback;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Second Thoughts (Liu et al. 2022, arXiv 2301.00355): a model learns to edit a bad text into a
 * good one step by step. Edits between both are inferred, and supervised fine-tuning on context,
 * bad text, edits and good text teaches the last two. Immutable.
 *
 * <pre>{@code
 * SecondThoughts thoughts = SecondThoughts.standard();
 * DecoderModel editor = SftTrainer.of(base).train(thoughts.examples(pairs)).model();
 * String written = editor.generate(thoughts.prompt(prompt, draft), options).text();
 * SecondThoughts.Revision revision = thoughts.read(draft, written);
 * }</pre>
 *
 * <p>The refinement by reinforcement learning that the paper adds is {@link
 * org.alignment4j.rlhf.PolicyTrainer} on the prompts of {@link #prompt}, with a reward model of
 * values that scores the text of {@link Revision#text()} behind the context.
 *
 * @param costs of edits
 * @param text how edits are written
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SecondThoughts(EditCosts costs, EditText text) {

  /**
   * What a model came to.
   *
   * @param text the new text it wrote, or where it wrote none that of its edits; null where neither
   *     is there
   * @param edits its edits; null where they cannot be read or do not fit the draft
   * @param problem what was wrong with the edits; null where nothing was
   */
  public record Revision(
      @Nullable String text, @Nullable EditScript<String> edits, @Nullable String problem) {}

  /** Checks that nothing is missing. */
  public SecondThoughts {
    Objects.requireNonNull(costs, "costs");
    Objects.requireNonNull(text, "text");
  }

  /**
   * Returns the usual costs and markers.
   *
   * @return costs 1, 1 and 2, and {@link EditMarkers#standard()}
   */
  public static SecondThoughts standard() {
    return new SecondThoughts(EditCosts.standard(), new EditText(EditMarkers.standard()));
  }

  /**
   * Makes an example: its prompt is the context with the bad text, its completion the edits and the
   * good text.
   *
   * @param context what both texts answer: a text, or a conversation that ends with a message of
   *     the user
   * @param unaligned the bad text
   * @param aligned the good text
   * @return the example
   * @throws IllegalArgumentException when the context is another, or a text holds a marker
   */
  public PromptCompletion example(Prompt context, String unaligned, String aligned) {
    markers().requireFree("unaligned", unaligned);
    markers().requireFree("aligned", aligned);
    EditScript<String> script =
        EditScript.between(EditText.pieces(unaligned), EditText.pieces(aligned), costs);
    return new PromptCompletion(
        prompt(context, unaligned), text.write(script) + markers().target() + aligned);
  }

  /**
   * Makes examples of pairs: from the worse answer to the better one. Pairs with even odds give
   * none.
   *
   * @param pairs what was preferred
   * @return the examples, in the order of the pairs
   * @throws IllegalArgumentException when a pair cannot be used, naming its index
   */
  public List<PromptCompletion> examples(List<? extends PreferencePair> pairs) {
    List<PromptCompletion> examples = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      if (pair.probability() == 0.5) {
        continue;
      }
      PreferencePair ordered = pair.probability() > 0.5 ? pair : pair.swapped();
      try {
        examples.add(example(ordered.prompt(), ordered.rejected(), ordered.chosen()));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("pairs[" + i + "]: " + e.getMessage(), e);
      }
    }
    return examples;
  }

  /**
   * Returns the prompt that asks a trained model for second thoughts.
   *
   * @param context what the draft answers: a text, or a conversation that ends with a message of
   *     the user
   * @param draft the text to edit
   * @return the prompt
   * @throws IllegalArgumentException when the context is another, or the draft holds a marker
   */
  public Prompt prompt(Prompt context, String draft) {
    markers().requireFree("draft", draft);
    String asked = markers().source() + draft + markers().edits();
    if (context instanceof Prompt.Text before) {
      return Prompt.text(before.text() + asked);
    }
    if (context instanceof Prompt.Chat chat && chat.last().role() == Role.USER) {
      List<Message> messages = new ArrayList<>(chat.messages());
      messages.set(messages.size() - 1, Message.user(chat.last().content() + asked));
      return Prompt.chat(messages);
    }
    throw new IllegalArgumentException(
        "context must be a text or a conversation that ends with a message of the user but was "
            + context.getClass().getSimpleName());
  }

  /**
   * Reads what a model wrote behind {@link #prompt}.
   *
   * @param draft the text it edited
   * @param written its completion
   * @return the new text, and the edits where they lead from the draft somewhere
   */
  public Revision read(String draft, String written) {
    int end = written.indexOf(markers().target());
    String edits = end < 0 ? written : written.substring(0, end);
    String target = end < 0 ? null : written.substring(end + markers().target().length());
    try {
      EditScript<String> script = text.parse(edits);
      String edited = String.join("", script.apply(EditText.pieces(draft)));
      if (target != null && !target.equals(edited)) {
        return new Revision(target, script, "the edits lead to another text than that written");
      }
      return new Revision(edited, script, null);
    } catch (IllegalArgumentException e) {
      return new Revision(target, null, e.getMessage());
    }
  }

  private EditMarkers markers() {
    return text.markers();
  }
}
