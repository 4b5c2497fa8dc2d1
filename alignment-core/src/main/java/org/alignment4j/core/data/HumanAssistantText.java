package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.reward.PreferencePair;
import org.apiguardian.api.API;

/**
 * Conversations as the plain text of Anthropic's HH data (Bai et al. 2022): each turn starts with
 * {@code "\n\nHuman: "} or {@code "\n\nAssistant: "}. White space around a turn belongs to the form
 * and is not part of the message.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class HumanAssistantText {

  static final String ASSISTANT = "\n\nAssistant:";

  private static final String HUMAN = "\n\nHuman:";
  private static final Pattern TURN = Pattern.compile("\n\n(Human|Assistant):");

  private HumanAssistantText() {}

  /** Whether a text starts with a turn of this form. */
  public static boolean matches(String text) {
    return TURN.matcher(text).lookingAt();
  }

  /**
   * Returns the messages of a dialogue.
   *
   * @throws IllegalArgumentException if the text does not start with a turn
   */
  public static List<Message> parse(String text) {
    Matcher turn = TURN.matcher(text);
    if (!turn.lookingAt()) {
      throw new IllegalArgumentException(
          "a dialogue must start with \"\\n\\nHuman:\" or \"\\n\\nAssistant:\" but starts "
              + RowException.shown(text));
    }
    List<Message> messages = new ArrayList<>();
    int end;
    do {
      Role role = turn.group(1).equals("Human") ? Role.USER : Role.ASSISTANT;
      int start = turn.end();
      end = turn.find() ? turn.start() : text.length();
      messages.add(new Message(role, text.substring(start, end).strip()));
    } while (end < text.length());
    return List.copyOf(messages);
  }

  /**
   * Returns a conversation as text, without an opening for the next turn. A system message stands
   * in front as plain text, since the form has no name for it.
   */
  public static String render(List<Message> messages) {
    StringBuilder text = new StringBuilder();
    for (Message message : messages) {
      switch (message.role()) {
        case SYSTEM -> text.append(message.content());
        case USER -> text.append(HUMAN).append(' ').append(message.content());
        case ASSISTANT -> text.append(ASSISTANT).append(' ').append(message.content());
      }
    }
    return text.toString();
  }

  /** Returns a conversation as a text to continue: it ends with {@code "\n\nAssistant:"}. */
  public static Prompt.Text prompt(List<Message> messages) {
    return Prompt.text(render(messages) + ASSISTANT);
  }

  /**
   * Returns a pair over a conversation as one over plain text, for models without a chat template;
   * the answers start with the space that follows the colon. Other pairs are returned as they are.
   */
  public static PreferencePair asText(PreferencePair pair) {
    if (!(pair.prompt() instanceof Prompt.Chat chat)) {
      return pair;
    }
    return new PreferencePair(
        prompt(chat.messages()),
        " " + pair.chosen(),
        " " + pair.rejected(),
        pair.probability(),
        pair.margin(),
        pair.annotator());
  }
}
