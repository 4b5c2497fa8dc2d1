package org.alignment4j.examples.sentiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.core.data.Documents;
import org.alignment4j.rlhf.data.Epochs;

/**
 * First sentences of stories, in two parts that share none. Sentences that open several stories are
 * taken once.
 *
 * @param training prompts that anything may be trained on
 * @param heldOut prompts that models are measured on only
 */
record StoryPrompts(List<String> training, List<String> heldOut) {

  private static final int SHORTEST = 15;
  private static final int LONGEST = 160;
  private static final Pattern SENTENCE = Pattern.compile("^[^.!?\"\n]*[.!?](?=\\s)");

  StoryPrompts {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
  }

  /**
   * Draws both parts from a file of stories.
   *
   * @throws IllegalArgumentException when the file has too few different first sentences
   */
  static StoryPrompts read(Path stories, int training, int heldOut, long seed) {
    List<String> sentences = firstSentences(Documents.read(stories));
    if (sentences.size() < training + heldOut) {
      throw new IllegalArgumentException(
          "stories must have at least %s different first sentences of %s to %s characters but %s has %s"
              .formatted(training + heldOut, SHORTEST, LONGEST, stories, sentences.size()));
    }
    List<String> drawn = new ArrayList<>();
    for (int i : new Epochs(sentences.size(), training + heldOut, 1, seed).batch(1)) {
      drawn.add(sentences.get(i));
    }
    return new StoryPrompts(drawn.subList(heldOut, drawn.size()), drawn.subList(0, heldOut));
  }

  /** The different first sentences, as far as they are neither very short nor very long. */
  static List<String> firstSentences(List<String> stories) {
    Set<String> sentences = new LinkedHashSet<>();
    for (String story : stories) {
      Matcher matcher = SENTENCE.matcher(story.strip());
      if (matcher.find() && matcher.end() >= SHORTEST && matcher.end() <= LONGEST) {
        sentences.add(matcher.group());
      }
    }
    return List.copyOf(sentences);
  }
}
