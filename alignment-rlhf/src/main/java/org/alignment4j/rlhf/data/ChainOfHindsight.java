package org.alignment4j.rlhf.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * Chain of Hindsight (Liu et al. 2023, arXiv 2302.02676): preferences as sequences in which markers
 * in plain language say which answer is the good one. Supervised fine-tuning on them teaches both
 * kinds; a model is then asked behind the marker of good answers. Immutable.
 *
 * <pre>{@code
 * ChainOfHindsight hindsight = ChainOfHindsight.standard();
 * FineTuningResult tuned = SftTrainer.of(base).trainChains(hindsight.of(pairs).chains());
 * Prompt prompt = hindsight.prompt(Prompt.text("How do I boil an egg?"));
 * }</pre>
 *
 * @param forms which sequences a pair gives, at least one
 * @param markers wordings, at least one; each gives every form, and the first is that of {@link
 *     #prompt}
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChainOfHindsight(Set<Form> forms, List<Markers> markers) {

  /** Which answers a sequence has, in which order. */
  public enum Form {
    /** The good answer alone. */
    GOOD,
    /** The bad answer alone. */
    BAD,
    /** The bad answer, then the good one. */
    BAD_THEN_GOOD,
    /** The good answer, then the bad one. */
    GOOD_THEN_BAD
  }

  /**
   * What goes before answers, at the end of a text or of the user's message.
   *
   * @param good before good answers, not blank
   * @param bad before bad answers, not blank and another
   */
  public record Markers(String good, String bad) {
    /**
     * Checks the texts.
     *
     * @throws IllegalArgumentException when one is blank or both are the same
     */
    public Markers {
      if (good.isBlank() || bad.isBlank() || good.strip().equals(bad.strip())) {
        throw new IllegalArgumentException(
            "markers must be two different texts that are not blank but were '%s' and '%s'"
                .formatted(good, bad));
      }
    }
  }

  /**
   * The sequences of pairs.
   *
   * @param chains sequences of the first pair, then those of the next
   * @param undecided pairs without sequences since either answer is as likely the better one
   * @param equal pairs without sequences since both answers are the same
   */
  public record Sequences(List<AnswerChain> chains, int undecided, int equal) {
    /** Copies the sequences. */
    public Sequences {
      chains = List.copyOf(chains);
    }
  }

  private static final double EVEN = 0.5;

  /**
   * Copies and checks.
   *
   * @throws IllegalArgumentException when there is no form or no wording
   */
  public ChainOfHindsight {
    markers = List.copyOf(markers);
    if (forms.isEmpty() || markers.isEmpty()) {
      throw new IllegalArgumentException(
          "forms and markers must not be empty but were " + forms + " and " + markers);
    }
    forms = Collections.unmodifiableSet(EnumSet.copyOf(forms));
  }

  /**
   * Returns all four forms with the markers "A helpful answer:" and "An unhelpful answer:", each on
   * a line of its own.
   *
   * @return the usual sequences
   */
  public static ChainOfHindsight standard() {
    return new ChainOfHindsight(
        EnumSet.allOf(Form.class),
        List.of(new Markers("\nA helpful answer:", "\nAn unhelpful answer:")));
  }

  /**
   * Returns all four forms with twelve wordings, so that a model learns what markers mean rather
   * than how they are spelt. The first is that of {@link #standard}.
   *
   * @return 48 sequences of a pair
   */
  public static ChainOfHindsight varied() {
    return new ChainOfHindsight(EnumSet.allOf(Form.class), HindsightWordings.all());
  }

  /**
   * Makes sequences: of each pair as many as there are forms times wordings. The likelier better
   * answer is the good one. Answers that begin without a blank get one.
   *
   * @param pairs what was preferred, none with an empty answer
   * @return the sequences, and how many pairs gave none
   * @throws IllegalArgumentException when a prompt is neither a text nor a conversation that ends
   *     with a message of the user, or an answer is empty, naming the pair
   */
  public Sequences of(List<? extends PreferencePair> pairs) {
    List<AnswerChain> chains = new ArrayList<>();
    int undecided = 0;
    int equal = 0;
    for (int i = 0; i < pairs.size(); i++) {
      PreferencePair pair = pairs.get(i);
      requireUsable(pair, i);
      if (pair.chosen().strip().equals(pair.rejected().strip())) {
        equal++;
      } else if (pair.probability() == EVEN) {
        undecided++;
      } else {
        addAll(pair.probability() > EVEN ? pair : pair.swapped(), chains);
      }
    }
    return new Sequences(chains, undecided, equal);
  }

  private static void requireUsable(PreferencePair pair, int index) {
    if (pair.chosen().isEmpty() || pair.rejected().isEmpty()) {
      throw new IllegalArgumentException(
          "pairs[%s]: chosen and rejected must not be empty but %s was; remove the pair"
              .formatted(index, pair.chosen().isEmpty() ? "chosen" : "rejected"));
    }
    if (!canBeMarked(pair.prompt())) {
      throw new IllegalArgumentException(
          "pairs[%s]: prompt must be a text or a conversation that ends with a message of the user but"
                  .formatted(index)
              + " was "
              + pair.prompt().getClass().getSimpleName());
    }
  }

  private void addAll(PreferencePair pair, List<AnswerChain> chains) {
    for (Markers wording : markers) {
      AnswerChain.Link good = new AnswerChain.Link(wording.good(), spaced(pair.chosen()));
      AnswerChain.Link bad = new AnswerChain.Link(wording.bad(), spaced(pair.rejected()));
      for (Form form : forms) {
        chains.add(
            new AnswerChain(
                pair.prompt(),
                switch (form) {
                  case GOOD -> List.of(good);
                  case BAD -> List.of(bad);
                  case BAD_THEN_GOOD -> List.of(bad, good);
                  case GOOD_THEN_BAD -> List.of(good, bad);
                }));
      }
    }
  }

  private static String spaced(String answer) {
    return Character.isWhitespace(answer.charAt(0)) ? answer : " " + answer;
  }

  /**
   * Returns a prompt that asks for a good answer, with the first wording.
   *
   * @param prompt a text, or a conversation that ends with a message of the user
   * @return the prompt with the marker of good answers at its end
   * @throws IllegalArgumentException when the prompt is another
   */
  public Prompt prompt(Prompt prompt) {
    if (!canBeMarked(prompt)) {
      throw new IllegalArgumentException(
          "prompt must be a text or a conversation that ends with a message of the user but was "
              + prompt.getClass().getSimpleName());
    }
    return marked(prompt, markers.get(0).good());
  }

  private static boolean canBeMarked(Prompt prompt) {
    return prompt instanceof Prompt.Text
        || (prompt instanceof Prompt.Chat chat && chat.last().role() == Role.USER);
  }

  /** A prompt that ends with a marker. */
  static Prompt marked(Prompt prompt, String marker) {
    if (prompt instanceof Prompt.Text text) {
      return Prompt.text(text.text() + marker);
    }
    Prompt.Chat chat = (Prompt.Chat) prompt;
    List<Message> messages = new ArrayList<>(chat.messages());
    messages.set(messages.size() - 1, Message.user(chat.last().content() + marker));
    return Prompt.chat(messages);
  }
}
