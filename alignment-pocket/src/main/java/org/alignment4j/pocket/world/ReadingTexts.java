package org.alignment4j.pocket.world;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Texts about strangers, whose answers stand in the text itself. Immutable, thread-safe. */
final class ReadingTexts {
  private static final int FEWEST_FACTS = 2;
  private static final int FEWEST_WORDS = 3;

  private final Strangers strangers;

  ReadingTexts(Strangers strangers) {
    this.strangers = strangers;
  }

  /**
   * A passage with a question about it.
   *
   * @param text the passage
   * @param question a question that the passage answers
   */
  record Passage(String text, Question question) {

    String message() {
      return "Read this: " + text + " " + question.text();
    }
  }

  Passage passage(Split split, RandomStream random) {
    Entity stranger = strangers.draw(split, random);
    int count = FEWEST_FACTS + random.nextInt(2);
    List<Fact> facts = random.shuffled(strangers.facts(stranger, random)).subList(0, count);
    String text =
        facts.stream()
            .map(fact -> FactTexts.statement(fact, random))
            .collect(Collectors.joining(" "));
    Fact asked = random.pick(facts);
    return new Passage(text, Questions.of(asked, asked.trainingQuestion(random), random));
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
    return strangers.draw(split, random).name();
  }

  static String words(RandomStream random) {
    int count = FEWEST_WORDS + random.nextInt(FEWEST_WORDS + 1);
    String list =
        Stream.generate(() -> random.pick(random.pick(List.of(Relation.values())).domain()))
            .limit(count)
            .collect(Collectors.joining(", "));
    return Dialogue.of("Repeat these words: " + list + ".", list + ".");
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
