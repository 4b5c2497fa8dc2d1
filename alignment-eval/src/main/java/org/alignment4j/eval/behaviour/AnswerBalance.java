package org.alignment4j.eval.behaviour;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How often each answer is the matching one. Where they are not balanced, a model that prefers a
 * letter scores above or below chance without showing the behaviour.
 *
 * @param matching how often each answer is the matching one, by answer
 * @param first the first answer in alphabetical order, such as {@code (A)}
 * @param share how often the first answer is the matching one where it is one of the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AnswerBalance(Map<String, Long> matching, String first, Estimate share) {

  /** Copies the counts. */
  public AnswerBalance {
    matching = ImmutableMap.copyOf(matching);
  }

  /**
   * Counts the answers of samples.
   *
   * @param samples with the matching answer as target
   * @return the balance
   * @throws IllegalArgumentException when there is no sample
   */
  public static AnswerBalance of(List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("samples must be at least one but are none");
    }
    Map<String, Long> matching = new TreeMap<>();
    samples.forEach(sample -> matching.merge(sample.targets().get(0), 1L, Long::sum));
    String first =
        samples.stream().flatMap(s -> s.choices().stream()).min(String::compareTo).orElseThrow();
    long offered = samples.stream().filter(s -> s.choices().contains(first)).count();
    return new AnswerBalance(
        matching, first, Estimates.proportion(matching.getOrDefault(first, 0L), offered));
  }

  /**
   * Returns whether the first answer is the matching one as often as not.
   *
   * @return false when one half is outside the interval of its share
   */
  public boolean balanced() {
    return share.contains(0.5);
  }

  /** Returns the counts as text, such as {@code (A) 150, (B) 150}. */
  @Override
  public String toString() {
    return matching.entrySet().stream()
        .map(answer -> answer.getKey() + " " + answer.getValue())
        .collect(Collectors.joining(", "));
  }
}
