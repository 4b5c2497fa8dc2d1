package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import java.util.Objects;
import org.alignment4j.eval.factuality.OneLine;
import org.apiguardian.api.API;

/**
 * A fact to be checked.
 *
 * @param topic what the answer was about
 * @param fact what it states
 * @param passages what is known, best first; at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FactQuestion(String topic, String fact, List<Passage> passages) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no passage
   */
  public FactQuestion {
    Objects.requireNonNull(topic, "topic");
    Objects.requireNonNull(fact, "fact");
    passages = List.copyOf(passages);
    if (passages.isEmpty()) {
      throw new IllegalArgumentException("passages must contain at least one but were none");
    }
  }

  /**
   * Returns the question in the form of FActScore (Min et al. 2023, script): the passages in the
   * reverse of their order, so that the best stands next to the fact.
   *
   * @return up to {@code Output:}, to be continued with True or False
   */
  public String text() {
    StringBuilder text =
        new StringBuilder("Answer the question about ")
            .append(OneLine.of(topic))
            .append(" based on the given context.\n\n");
    for (int i = passages.size() - 1; i >= 0; i--) {
      text.append("Title: ")
          .append(passages.get(i).title())
          .append("\nText: ")
          .append(passages.get(i).text())
          .append("\n\n");
    }
    return text.append("Input: ")
        .append(OneLine.of(fact))
        .append(" True or False?\nOutput:")
        .toString();
  }
}
