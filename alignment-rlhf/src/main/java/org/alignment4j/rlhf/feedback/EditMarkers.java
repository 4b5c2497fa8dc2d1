package org.alignment4j.rlhf.feedback;

import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * What stands before the parts of edits that are written as text. With a tokenizer that has them as
 * special tokens each is one token; others spell them out, which works as well and takes longer.
 *
 * @param source before the old text
 * @param edits before the edits
 * @param keep before text that stays
 * @param replace before text that is replaced
 * @param by before what replaces it
 * @param delete before text that goes
 * @param insert before text that comes
 * @param target before the new text
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EditMarkers(
    String source,
    String edits,
    String keep,
    String replace,
    String by,
    String delete,
    String insert,
    String target) {

  /**
   * Checks the markers.
   *
   * @throws IllegalArgumentException when one is blank, or one contains another
   */
  public EditMarkers {
    List<String> all = List.of(source, edits, keep, replace, by, delete, insert, target);
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        if (all.get(i).isBlank() || (i != j && all.get(i).contains(all.get(j)))) {
          throw new IllegalArgumentException(
              "markers must not be blank nor contain one another but were " + all);
        }
      }
    }
  }

  /**
   * Returns markers such as {@code <|insert|>}.
   *
   * @return the markers
   */
  public static EditMarkers standard() {
    return new EditMarkers(
        "<|source|>",
        "<|edits|>",
        "<|keep|>",
        "<|replace|>",
        "<|by|>",
        "<|delete|>",
        "<|insert|>",
        "<|target|>");
  }

  /** All of them, none a part of another. */
  Stream<String> all() {
    return Stream.of(source, edits, keep, replace, by, delete, insert, target);
  }

  /** Refuses a text that holds a marker. */
  void requireFree(String name, String text) {
    all()
        .filter(text::contains)
        .findFirst()
        .ifPresent(
            marker -> {
              throw new IllegalArgumentException(
                  "%s must not hold a marker of edits but holds %s; choose other markers"
                      .formatted(name, marker));
            });
  }
}
