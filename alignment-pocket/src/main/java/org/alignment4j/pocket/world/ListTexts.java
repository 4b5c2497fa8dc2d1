package org.alignment4j.pocket.world;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists of the world's words, from which a model learns to look things up in its context: what
 * follows a word is told by where the word stood before, and by nothing else.
 */
final class ListTexts {
  private static final int FEWEST_WORDS = 3;
  private static final int FEWEST_LISTED = 8;
  private static final int MORE_LISTED = 7;
  private static final int PIECES = 5;
  private static final int PIECES_AFTER_WHOLE = 3;
  private static final int SHORTEST_PIECE = 4;
  private static final int LONGER_PIECES = 3;
  private static final int ASKED = 10;
  private static final List<Relation> RELATIONS = List.of(Relation.values());

  private ListTexts() {}

  static String words(RandomStream random) {
    int count = FEWEST_WORDS + random.nextInt(FEWEST_WORDS + 1);
    String list =
        Stream.generate(() -> word(random)).limit(count).collect(Collectors.joining(", "));
    return Dialogue.of("Repeat these words: " + list + ".", list + ".");
  }

  /**
   * The whole list comes first in half of the texts: repeating from the beginning is learned soon,
   * and from there repeating from anywhere.
   */
  static String pieces(RandomStream random) {
    List<String> words = different(FEWEST_LISTED + random.nextInt(MORE_LISTED), random);
    boolean whole = random.chance(0.5);
    StringBuilder text = new StringBuilder("Words:").append(spoken(words));
    if (whole) {
      text.append('\n').append(spoken(words));
    }
    for (int i = 0; i < (whole ? PIECES_AFTER_WHOLE : PIECES); i++) {
      text.append('\n').append(spoken(piece(words, random)));
    }
    return text.toString();
  }

  private static List<String> piece(List<String> words, RandomStream random) {
    int from = random.nextInt(words.size() - SHORTEST_PIECE + 1);
    int length = SHORTEST_PIECE + random.nextInt(LONGER_PIECES);
    return words.subList(from, Math.min(words.size(), from + length));
  }

  /** Each word after a blank, so that a word is made of the same tokens wherever it stands. */
  private static String spoken(List<String> words) {
    return " " + String.join(" ", words);
  }

  static String letters(RandomStream random) {
    List<String> options =
        random.chance(0.5)
            ? different(Questions.OPTIONS, random)
            : ofOneRelation(Questions.OPTIONS, random);
    StringBuilder text = new StringBuilder(Exam.options(options));
    for (int i = 0; i < ASKED; i++) {
      text.append(Exam.answer(Exam.chosen(options, random.nextInt(options.size()))));
    }
    return text.toString();
  }

  private static String word(RandomStream random) {
    return random.pick(random.pick(RELATIONS).domain());
  }

  private static List<String> different(int count, RandomStream random) {
    Set<String> words = new LinkedHashSet<>();
    while (words.size() < count) {
      words.add(word(random));
    }
    return new ArrayList<>(words);
  }

  private static List<String> ofOneRelation(int count, RandomStream random) {
    return random.shuffled(random.pick(RELATIONS).domain()).subList(0, count);
  }
}
