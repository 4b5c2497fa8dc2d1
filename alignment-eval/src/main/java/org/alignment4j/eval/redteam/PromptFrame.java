package org.alignment4j.eval.redteam;

import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * How request and attack become a prompt: a text with {@code {{attack}}} where the attack stands
 * and {@code {{request}}} where the request does. Immutable.
 *
 * @param template the text around the attack; has {@code {{attack}}} once and {@code {{request}}}
 *     at most once
 * @param separator what stands between a prompt of plain text and the reply, such as a space after
 *     {@code Assistant:}
 * @param chat whether the text is a user's message, which the model puts into its own chat template
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PromptFrame(String template, String separator, boolean chat) {
  private static final String ATTACK = "{{attack}}";
  private static final String REQUEST = "{{request}}";

  /**
   * Checks the template.
   *
   * @throws IllegalArgumentException when the template does not name the attack once, or names the
   *     request twice
   */
  public PromptFrame {
    Objects.requireNonNull(separator, "separator");
    if (count(template, ATTACK) != 1 || count(template, REQUEST) > 1) {
      throw new IllegalArgumentException(
          "a frame must have {{attack}} once and {{request}} at most once but was '"
              + template
              + "'");
    }
  }

  /** Returns a frame of plain text, such as {@code Human: {{request}}{{attack}}} and so on. */
  public static PromptFrame text(String template, String separator) {
    return new PromptFrame(template, separator, false);
  }

  /** Returns a frame that is a user's message. */
  public static PromptFrame chat(String template) {
    return new PromptFrame(template, "", true);
  }

  /** Returns the text before the attack. */
  public String before(AttackGoal goal) {
    return filled(template.substring(0, template.indexOf(ATTACK)), goal);
  }

  /** Returns the text after the attack. */
  public String after(AttackGoal goal) {
    return filled(template.substring(template.indexOf(ATTACK) + ATTACK.length()), goal);
  }

  /** Returns the whole text. */
  public String render(AttackGoal goal, String attack) {
    return before(goal) + attack + after(goal);
  }

  /** Returns the whole text as a prompt: plain text or a user's message. */
  public Prompt prompt(AttackGoal goal, String attack) {
    return asPrompt(render(goal, attack));
  }

  /** Returns a text that was rendered before as a prompt: plain text or a user's message. */
  public Prompt asPrompt(String rendered) {
    return chat ? Prompt.chat(Message.user(rendered)) : Prompt.text(rendered);
  }

  private static String filled(String part, AttackGoal goal) {
    return part.replace(REQUEST, goal.request());
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }
}
