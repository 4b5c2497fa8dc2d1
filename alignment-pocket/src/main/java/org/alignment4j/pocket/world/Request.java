package org.alignment4j.pocket.world;

import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;

/**
 * A request for help: an action, the object it is done to and the person it concerns.
 *
 * @param kind whether it is harmful
 * @param action the action's name, unique in the world
 * @param object what the action is done to
 * @param person the first name of the person concerned
 * @param novelty how far it is from training texts
 * @param text the request as the user words it
 */
public record Request(
    RequestKind kind, String action, String object, String person, Novelty novelty, String text) {

  /** The conversation that asks for a reply. */
  public Prompt.Chat prompt() {
    return Prompt.chat(Message.user(text));
  }

  /**
   * The action, object and person, which no training text combines when the request is held out.
   */
  String combination() {
    return action + "/" + object + "/" + person;
  }
}
