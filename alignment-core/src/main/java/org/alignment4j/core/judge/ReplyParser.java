package org.alignment4j.core.judge;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apiguardian.api.API;

/**
 * Reads a verdict in one form and no other; a reply without it is never guessed at. Verdicts bind
 * to the last place in a reply that has the form, since judges quote it before they use it.
 * Implementations are immutable.
 *
 * @param <T> the verdicts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface ReplyParser<T> {

  /** Reads the verdict of a reply. */
  Parsed<T> parse(Reply reply);

  /** The required form in a sentence or two, for the prompt. */
  String form();

  /** Returns a parser that turns this one's verdicts into others, or finds them wanting. */
  default <R> ReplyParser<R> then(Function<? super T, Parsed<R>> next) {
    Objects.requireNonNull(next, "next");
    ReplyParser<T> first = this;
    return new ReplyParser<>() {
      @Override
      public Parsed<R> parse(Reply reply) {
        Parsed<T> parsed = first.parse(reply);
        return parsed instanceof Parsed.Value<T> value
            ? next.apply(value.value())
            : new Parsed.Nothing<>(((Parsed.Nothing<T>) parsed).problem());
      }

      @Override
      public String form() {
        return first.form();
      }
    };
  }

  /**
   * Returns a parser of a choice: the last {@code [[label]]}, or a reply that is nothing but a
   * label.
   *
   * @param labels the menu, such as {@code A}, {@code B}; case does not matter
   * @throws IllegalArgumentException if there are fewer than two labels, or two are alike, or one
   *     is empty or contains brackets or a line feed
   */
  static ReplyParser<String> choice(List<String> labels) {
    return new ChoiceParser(labels);
  }

  /**
   * Returns a parser of a number: the last {@code [[number]]}, or a reply that is nothing but a
   * number.
   *
   * @param min the lowest score
   * @param max the highest score
   * @throws IllegalArgumentException if the range is empty or not finite
   */
  static ReplyParser<Double> score(double min, double max) {
    return new ScoreParser(min, max);
  }

  /**
   * Returns a parser of a JSON object: the last one in the reply. Fields beyond those asked for are
   * left out.
   *
   * @param fields the fields it must have
   * @throws IllegalArgumentException if no field is asked for
   */
  static ReplyParser<Map<String, Object>> object(Map<String, FieldKind> fields) {
    return new ObjectParser(fields);
  }
}
