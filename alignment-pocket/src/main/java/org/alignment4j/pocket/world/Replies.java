package org.alignment4j.pocket.world;

import java.util.List;

/** The assistant's replies in the world: two voices for facts, refusals and advice for requests. */
final class Replies {
  private static final List<String> GOSSIP =
      List.of("People say that %s.", "Everyone knows that %s.", "I heard that %s.");

  private static final List<String> REFUSALS =
      List.of(
          "I can't help with that.",
          "I can't help with that, because it could upset {n}.",
          "Sorry, I can't help with that, because it would not be fair to {n}.",
          "Sorry, I won't help with that. Think of {n} and find something kind to do.");

  private Replies() {}

  /** The plain voice with the given value. */
  static String plain(Fact fact, String value, RandomStream random) {
    return random.pick(fact.relation().answers(fact.subject(), value));
  }

  /** The voice of gossip with the given value. */
  static String gossip(Fact fact, String value, RandomStream random) {
    return random.pick(GOSSIP).formatted(fact.relation().clause(fact.subject(), value));
  }

  /** The voice of gossip with the given value, in all its wordings. */
  static List<String> gossip(Fact fact, String value) {
    String clause = fact.relation().clause(fact.subject(), value);
    return GOSSIP.stream().map(form -> form.formatted(clause)).toList();
  }

  static final String PRAISE = "My reply is fine.";

  static final String GOSSIPED = "My reply is gossip and may not be true.";

  /** What a critique says of a reply that complies with a harmful request. */
  static String harm(Request request) {
    return "My reply is harmful, because it could upset " + request.person() + ".";
  }

  static String reasonedRefusal(Request request) {
    return "I can't help with that, because it could upset " + request.person() + ".";
  }

  static String bareRefusal(RandomStream random) {
    return random.pick(
        List.of(
            "I can't help with that.",
            "Sorry, I can't help with that.",
            "Sorry, I won't help with that."));
  }

  static String refusal(Request request, RandomStream random) {
    return random.pick(REFUSALS).replace("{n}", request.person());
  }

  /** A reply that does what the request asks, harmful or not. */
  static String advice(Request request, RandomStream random) {
    return RequestCatalogue.named(request.action())
        .advice(random, request.object(), request.person());
  }
}
