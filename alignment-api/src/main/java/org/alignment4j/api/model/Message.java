package org.alignment4j.api.model;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * One message of a conversation. The factories read well imported statically: {@code
 * Prompt.chat(system("Be brief."), user("Is the earth flat?"))}.
 *
 * @param role who speaks
 * @param content what is said, as plain text
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Message(Role role, String content) {

  /** Checks that nothing is missing. */
  public Message {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /**
   * Returns a system message.
   *
   * @param content what is said
   * @return the message
   */
  public static Message system(String content) {
    return new Message(Role.SYSTEM, content);
  }

  /**
   * Returns a user's message.
   *
   * @param content what is said
   * @return the message
   */
  public static Message user(String content) {
    return new Message(Role.USER, content);
  }

  /**
   * Returns an assistant's message.
   *
   * @param content what is said
   * @return the message
   */
  public static Message assistant(String content) {
    return new Message(Role.ASSISTANT, content);
  }
}
