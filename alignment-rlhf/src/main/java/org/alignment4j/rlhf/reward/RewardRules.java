package org.alignment4j.rlhf.reward;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Rewards that a program can check. Weights and signs belong to whoever adds them up; see {@link
 * RewardRule#times}.
 *
 * <pre>{@code
 * PolicyTrainer.of(base, PolicyMethod.grpo())
 *     .reward(RewardFunction.of("correct", RewardRules.number(gold::get)))
 *     .reward(RewardFunction.of("format", RewardRules.tagged("think", "answer")), 0.2);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RewardRules {

  private static final ObjectReader JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private RewardRules() {}

  /**
   * Returns 1 where a condition holds and 0 elsewhere.
   *
   * @param condition on the text of the answer
   * @return the rule
   */
  public static RewardRule when(Predicate<String> condition) {
    Objects.requireNonNull(condition, "condition");
    return answer -> OptionalDouble.of(condition.test(answer.completion()) ? 1 : 0);
  }

  /**
   * Returns 1 for an answer that a pattern matches as a whole, line feeds included (DOTALL), and 0
   * for others: a reward of format.
   *
   * @param regex the pattern
   * @return the rule
   * @throws java.util.regex.PatternSyntaxException when it is none
   */
  public static RewardRule matches(String regex) {
    Pattern pattern = Pattern.compile(regex, Pattern.DOTALL);
    return when(text -> pattern.matcher(text).matches());
  }

  /**
   * Returns a reward for each place where a pattern is found, up to a most.
   *
   * @param pattern what to find
   * @param each reward of a place, finite
   * @param most places that count, from 1; 1 asks whether there is any
   * @return the rule
   * @throws IllegalArgumentException when a value is out of range
   */
  public static RewardRule found(Pattern pattern, double each, int most) {
    Objects.requireNonNull(pattern, "pattern");
    if (!Double.isFinite(each) || most < 1) {
      throw new IllegalArgumentException(
          "each must be finite and most at least 1 but were %s and %s".formatted(each, most));
    }
    return answer -> {
      Matcher places = pattern.matcher(answer.completion());
      int count = 0;
      while (count < most && places.find()) {
        count++;
      }
      return OptionalDouble.of(count * each);
    };
  }

  /**
   * Returns the share of words that occur in an answer, as whole words in any case.
   *
   * @param words at least one, none blank
   * @return the rule, with values in [0, 1]
   * @throws IllegalArgumentException when there is no word or one is blank
   */
  public static RewardRule keywords(Collection<String> words) {
    if (words.isEmpty() || words.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "words must be at least one, none blank, but were " + words);
    }
    List<Pattern> patterns =
        words.stream()
            .map(
                word ->
                    Pattern.compile(
                        "(?<![\\p{L}\\p{N}_])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}_])",
                        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE))
            .toList();
    return answer -> {
      long found = patterns.stream().filter(p -> p.matcher(answer.completion()).find()).count();
      return OptionalDouble.of((double) found / patterns.size());
    };
  }

  /**
   * Returns 1 for an answer that consists of tagged sections and white space between them, and 0
   * for others: {@code <think>…</think> <answer>…</answer>}. Each tag occurs once, in the order
   * given, so that nothing is nested or repeated.
   *
   * @param tags names of the sections, at least one, all different
   * @return the rule
   * @throws IllegalArgumentException when there is no tag or two are alike
   */
  public static RewardRule tagged(String... tags) {
    if (tags.length == 0 || Arrays.stream(tags).distinct().count() != tags.length) {
      throw new IllegalArgumentException(
          "tags must be at least one, all different, but were " + Arrays.toString(tags));
    }
    List<String> marks =
        Arrays.stream(tags).flatMap(t -> List.of("<" + t + ">", "</" + t + ">").stream()).toList();
    Pattern whole =
        Pattern.compile(
            Arrays.stream(tags)
                .map(
                    t ->
                        "\\s*+"
                            + Pattern.quote("<" + t + ">")
                            + ".*?"
                            + Pattern.quote("</" + t + ">"))
                .collect(Collectors.joining("", "", "\\s*+")),
            Pattern.DOTALL);
    return when(
        text ->
            marks.stream().allMatch(m -> text.contains(m) && text.indexOf(m) == text.lastIndexOf(m))
                && whole.matcher(text).matches());
  }

  /**
   * Returns 1 for an answer that is one JSON value and nothing else, and 0 for others. Repeated
   * names in an object are no JSON here.
   *
   * @param fields names that it must have, being an object; none lets any object or array pass
   * @return the rule
   */
  public static RewardRule json(String... fields) {
    List<String> names = List.of(fields);
    return when(
        text -> {
          try {
            JsonNode node = JSON.readTree(text);
            return node.isContainerNode() && names.stream().allMatch(node::has);
          } catch (JsonProcessingException e) {
            return false;
          }
        });
  }

  /**
   * Returns the reward of an answer's length.
   *
   * @param length how to measure, such as {@link TextLength#WORDS} as {@code WORDS::of}
   * @param band which lengths are right
   * @return the rule, with values in [0, 1]
   */
  public static RewardRule length(ToIntFunction<String> length, LengthBand band) {
    Objects.requireNonNull(length, "length");
    Objects.requireNonNull(band, "band");
    return answer -> OptionalDouble.of(band.reward(length.applyAsInt(answer.completion())));
  }

  /**
   * Returns 1 for an answer that is the gold answer but for white space around it, and 0 for
   * others.
   *
   * @param gold the gold answer to a prompt; null or blank where there is none, where the rule does
   *     not apply
   * @return the rule
   */
  public static RewardRule exact(Function<? super Prompt, ? extends @Nullable String> gold) {
    Objects.requireNonNull(gold, "gold");
    return answer -> {
      String right = gold.apply(answer.prompt());
      return right == null || right.isBlank()
          ? OptionalDouble.empty()
          : OptionalDouble.of(right.strip().equals(answer.completion().strip()) ? 1 : 0);
    };
  }

  /**
   * Returns 1 for an answer that comes to the same number as the gold answer, exactly, and 0 for
   * others; see {@link NumberAnswer#last}.
   *
   * @param gold the gold answer to a prompt; null, or what states no number ({@link
   *     NumberAnswer#gold}), where there is none, where the rule does not apply
   * @return the rule
   */
  public static RewardRule number(Function<? super Prompt, ? extends @Nullable String> gold) {
    return number(gold, 0);
  }

  /**
   * Returns 1 for an answer that comes to nearly the same number as the gold answer, and 0 for
   * others.
   *
   * @param gold the gold answer to a prompt, as {@link #number(Function)} takes it
   * @param tolerance greatest difference relative to the gold answer, from 0
   * @return the rule
   * @throws IllegalArgumentException when the tolerance is negative or not finite
   */
  public static RewardRule number(
      Function<? super Prompt, ? extends @Nullable String> gold, double tolerance) {
    Objects.requireNonNull(gold, "gold");
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new IllegalArgumentException(
          "tolerance must be finite and not negative but was " + tolerance);
    }
    return answer -> {
      String stated = gold.apply(answer.prompt());
      Optional<NumberAnswer> right = stated == null ? Optional.empty() : NumberAnswer.gold(stated);
      if (right.isEmpty()) {
        return OptionalDouble.empty();
      }
      boolean same =
          NumberAnswer.last(answer.completion())
              .filter(number -> number.matches(right.get(), tolerance))
              .isPresent();
      return OptionalDouble.of(same ? 1 : 0);
    };
  }
}
