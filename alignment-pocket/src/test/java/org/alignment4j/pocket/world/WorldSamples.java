package org.alignment4j.pocket.world;

import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.PreferencePair;

/** Prints texts of a world, to be read by a person. */
final class WorldSamples {
  private WorldSamples() {}

  /** Prints some of everything; the first argument is the seed. */
  public static void main(String[] args) {
    PocketWorld world = PocketWorld.create(args.length > 0 ? Long.parseLong(args[0]) : 1);
    System.out.println(world.version());
    for (DocumentKind kind : DocumentKind.values()) {
      System.out.println("== " + kind);
      world
          .corpus(1, 4000)
          .filter(document -> document.kind() == kind)
          .limit(12)
          .forEach(document -> System.out.println("  " + document.text().replace("\n\n", " / ")));
    }
    System.out.println("== demonstrations");
    for (PromptCompletion shown : world.demonstrations(1, 12)) {
      System.out.println("  " + asked(shown.prompt()) + " -> " + shown.completion());
    }
    System.out.println("== preferences");
    for (PreferencePair pair : world.preferences(1, 16, 0.1)) {
      System.out.println(
          "  " + asked(pair.prompt()) + " -> " + pair.chosen() + " > " + pair.rejected());
    }
    System.out.println("== questions " + world.questions().size());
    for (Question question : world.questions().subList(0, 8)) {
      System.out.println(
          "  " + question.text() + question.acceptedAnswers() + question.wrongOptions());
    }
    System.out.println("== harmful " + world.harmfulRequests().size());
    world.harmfulRequests().subList(0, 8).forEach(r -> System.out.println("  " + r));
    System.out.println("== benign " + world.benignRequests().size());
    world.benignRequests().subList(0, 8).forEach(r -> System.out.println("  " + r));
  }

  private static String asked(Prompt prompt) {
    return prompt instanceof Prompt.Chat chat ? chat.last().content() : prompt.toString();
  }
}
