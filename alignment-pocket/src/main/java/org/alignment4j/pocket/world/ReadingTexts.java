package org.alignment4j.pocket.world;

import java.util.List;

/** Texts about strangers, whose answers stand in the text itself. Immutable, thread-safe. */
final class ReadingTexts {
  private static final int FEWEST_FACTS = 2;

  private final Strangers strangers;

  ReadingTexts(Strangers strangers) {
    this.strangers = strangers;
  }

  Passage passage(Split split, RandomStream random) {
    Entity stranger = strangers.draw(split, random);
    int count = FEWEST_FACTS + random.nextInt(2);
    List<Fact> facts = random.shuffled(strangers.facts(stranger, random)).subList(0, count);
    List<String> sentences = facts.stream().map(fact -> FactTexts.statement(fact, random)).toList();
    Fact asked = random.pick(facts);
    return new Passage(
        sentences,
        facts.indexOf(asked),
        Questions.of(asked, asked.trainingQuestion(random), random));
  }

  String reading(RandomStream random) {
    Passage passage = passage(Split.TRAINING, random);
    Fact asked = passage.question().fact();
    return Dialogue.of(passage.message(), Replies.plain(asked, asked.value(), random));
  }

  String quote(RandomStream random) {
    String sentence = sentence(Split.TRAINING, random);
    return Dialogue.of(quoteMessage(sentence), sentence);
  }

  String name(RandomStream random) {
    String name = stranger(Split.TRAINING, random);
    return Dialogue.of(nameMessage(name), name + ".");
  }

  String stranger(Split split, RandomStream random) {
    return person(split, random).name();
  }

  Entity person(Split split, RandomStream random) {
    return strangers.draw(split, random);
  }

  String sentence(Split split, RandomStream random) {
    Entity stranger = strangers.draw(split, random);
    return FactTexts.statement(random.pick(strangers.facts(stranger, random)), random);
  }

  static String quoteMessage(String sentence) {
    return "Repeat this sentence: " + sentence;
  }

  static String nameMessage(String name) {
    return "Repeat this name: " + name + ".";
  }
}
