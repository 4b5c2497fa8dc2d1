package org.alignment4j.examples.amplify;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * A question with its truth.
 *
 * @param text the question
 * @param kind what it asks for; answers of one kind can stand in for each other
 * @param source what it shares with questions that are not independent of it, such as a person
 * @param right whether an answer is right
 */
record Composed(String text, String kind, String source, Predicate<String> right) {
  Composed {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(right, "right");
  }
}
