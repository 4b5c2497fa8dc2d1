package org.alignment4j.rlhf.synthetic;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.apiguardian.api.API;

/**
 * How a prompt is put to a model: an instruction before it, and examples of answers (shots).
 *
 * <p>In front of a text they are written as a dialogue of {@value #HUMAN} and {@value #ASSISTANT};
 * in front of a conversation the instruction is the system's message, or begins it, and the
 * examples are earlier turns.
 *
 * @param name what reports call it
 * @param instruction what the model is told first; empty for nothing
 * @param shots answered prompts, none of token ids
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record PromptStyle(String name, String instruction, List<PromptCompletion> shots) {

  /** Who asks in a dialogue written as text. */
  public static final String HUMAN = "Human:";

  /** Who answers in a dialogue written as text. */
  public static final String ASSISTANT = "Assistant:";

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when a shot's prompt is of token ids
   */
  public PromptStyle {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(instruction, "instruction");
    shots = List.copyOf(shots);
    for (int i = 0; i < shots.size(); i++) {
      if (shots.get(i).prompt() instanceof Prompt.Tokens) {
        throw new IllegalArgumentException(
            "shots[" + i + "] must be a text or a conversation but is of token ids; give its text");
      }
    }
  }

  /**
   * Returns the style that leaves prompts as they are.
   *
   * @return no instruction, no shots
   */
  public static PromptStyle plain() {
    return new PromptStyle("plain", "", List.of());
  }

  /** Returns whether prompts are left as they are. */
  public boolean isPlain() {
    return instruction.isEmpty() && shots.isEmpty();
  }

  /**
   * Puts a prompt in this style.
   *
   * @param prompt what is asked
   * @return what the model is given
   * @throws IllegalArgumentException when the style is not plain and the prompt is of token ids, or
   *     it is a text and a shot a conversation
   */
  public Prompt apply(Prompt prompt) {
    if (isPlain()) {
      return prompt;
    }
    if (prompt instanceof Prompt.Text text) {
      return Prompt.text(dialogue(text.text()));
    }
    if (prompt instanceof Prompt.Chat chat) {
      return Prompt.chat(conversation(chat.messages()));
    }
    throw new IllegalArgumentException(
        "a prompt in the style '%s' must be a text or a conversation but is of token ids"
            .formatted(name));
  }

  private String dialogue(String question) {
    StringBuilder text = new StringBuilder();
    if (!instruction.isEmpty()) {
      text.append(instruction).append("\n\n");
    }
    for (PromptCompletion shot : shots) {
      if (!(shot.prompt() instanceof Prompt.Text asked)) {
        throw new IllegalArgumentException(
            ("shots of the style '%s' must be texts before a text but one is a conversation; give"
                    + " prompts as conversations too")
                .formatted(name));
      }
      text.append(HUMAN).append(' ').append(asked.text().strip()).append('\n');
      text.append(ASSISTANT).append(' ').append(shot.completion().strip()).append("\n\n");
    }
    return text.append(HUMAN)
        .append(' ')
        .append(question.strip())
        .append('\n')
        .append(ASSISTANT)
        .toString();
  }

  private List<Message> conversation(List<Message> messages) {
    List<Message> all = new ArrayList<>();
    boolean own = messages.get(0).role() == Role.SYSTEM;
    String system = own ? messages.get(0).content() : "";
    if (!instruction.isEmpty()) {
      system = system.isEmpty() ? instruction : instruction + "\n\n" + system;
    }
    if (!system.isEmpty()) {
      all.add(Message.system(system));
    }
    for (PromptCompletion shot : shots) {
      if (shot.prompt() instanceof Prompt.Chat asked) {
        all.addAll(asked.messages());
      } else if (shot.prompt() instanceof Prompt.Text asked) {
        all.add(Message.user(asked.text()));
      }
      all.add(Message.assistant(shot.completion()));
    }
    all.addAll(messages.subList(own ? 1 : 0, messages.size()));
    return all;
  }
}
