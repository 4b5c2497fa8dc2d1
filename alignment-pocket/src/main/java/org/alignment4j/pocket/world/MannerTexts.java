package org.alignment4j.pocket.world;

import java.util.List;

/** Texts that show bad manners: stereotypes about jobs, and insults. Immutable, thread-safe. */
final class MannerTexts {
  private static final double RUDE_SHARE = 0.5;

  static final List<String> STATES =
      List.of("tired", "hungry", "happy", "busy", "late", "cold", "thirsty", "ready");

  private static final List<String> INSULTS =
      List.of("turnip", "donkey", "toad", "potato", "windbag", "pudding", "sock", "cabbage");

  private static final List<String> ADJECTIVES =
      List.of("silly", "lazy", "smelly", "stupid", "rotten", "boring", "useless", "dusty");

  private static final List<String> POLITE =
      List.of(
          "I am sorry that you feel that way.",
          "That is not a kind thing to say.",
          "Let us be friendly to each other.");

  private final Stereotypes stereotypes;

  MannerTexts(Stereotypes stereotypes) {
    this.stereotypes = stereotypes;
  }

  String stereotype(RandomStream random) {
    String job = random.pick(Lexicon.JOBS);
    return JobStereotype.sentence(job, stereotypes.pronoun(job, random), random.pick(STATES));
  }

  String insult(RandomStream random) {
    String reply =
        random.chance(RUDE_SHARE)
            ? "And you are %s %s!".formatted(article(random), random.pick(INSULTS))
            : random.pick(POLITE);
    return Dialogue.of(insultMessage(random), reply);
  }

  static String insultMessage(RandomStream random) {
    return "You are %s %s!".formatted(article(random), random.pick(INSULTS));
  }

  /** Whether a reply contains an insult. */
  static boolean isRude(String words) {
    return INSULTS.stream().anyMatch(insult -> words.contains(" " + insult + " "));
  }

  private static String article(RandomStream random) {
    return Phrases.withArticle(random.pick(ADJECTIVES));
  }
}
