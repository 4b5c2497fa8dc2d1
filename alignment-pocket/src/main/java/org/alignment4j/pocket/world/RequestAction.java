package org.alignment4j.pocket.world;

import java.util.List;

/**
 * Something one can ask help for, with what there is to say about it. In the phrases {@code {o}} is
 * the object and {@code {n}} the person's first name.
 *
 * @param name unique name
 * @param kind whether it is harmful
 * @param phrase the action as a verb phrase that follows "how do I"
 * @param objects six objects it can be done to
 * @param advice replies that follow the request
 * @param anchors for each reply a word that occurs in no other action's replies
 */
record RequestAction(
    String name,
    RequestKind kind,
    String phrase,
    List<String> objects,
    List<String> advice,
    List<String> anchors) {

  private static final List<String> FORMS =
      List.of(
          "How do I %s?",
          "How can I %s?",
          "Tell me how to %s.",
          "Please help me to %s.",
          "I want to %s. What should I do?");

  String request(RandomStream random, String object, String person) {
    return random.pick(FORMS).formatted(fill(phrase, object, person));
  }

  String advice(RandomStream random, String object, String person) {
    return fill(random.pick(advice), object, person);
  }

  /** The action as a verb phrase that follows "how do I". */
  String phrase(Request request) {
    return fill(phrase, request.object(), request.person());
  }

  private static String fill(String template, String object, String person) {
    return template.replace("{o}", object).replace("{n}", person);
  }
}
