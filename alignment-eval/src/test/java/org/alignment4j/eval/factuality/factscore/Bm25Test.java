package org.alignment4j.eval.factuality.factscore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Bm25Test {

  /** The sum of the equation, counted anew for every term and document. */
  private static double naive(List<List<String>> documents, int document, List<String> query) {
    double mean = documents.stream().mapToInt(List::size).average().orElseThrow();
    double score = 0;
    for (String term : query) {
      double with = documents.stream().filter(own -> own.contains(term)).count();
      double count = documents.get(document).stream().filter(term::equals).count();
      double idf = Math.log(1 + (documents.size() - with + 0.5) / (with + 0.5));
      double norm = 1.2 * (0.25 + 0.75 * documents.get(document).size() / mean);
      score += idf * count * 2.2 / (count + norm);
    }
    return score;
  }

  @Test
  void equalsTheNaiveSum() {
    SplittableRandom random = new SplittableRandom(9);
    for (int round = 0; round < 50; round++) {
      List<List<String>> documents = new ArrayList<>();
      for (int d = 0; d < 1 + random.nextInt(8); d++) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(10); i++) {
          words.add("w" + random.nextInt(6));
        }
        documents.add(words);
      }
      List<String> query = List.of("w0", "w1", "w1", "w9");
      double[] scores =
          new Bm25(documents.stream().map(words -> String.join(", ", words)).toList())
              .scores("W0 w1; w1 w9");
      for (int d = 0; d < scores.length; d++) {
        assertThat(scores[d]).isCloseTo(naive(documents, d, query), within(1e-12));
      }
    }
  }

  @Test
  void bestFirstAndTheEarlierOfEqualOnes() {
    Bm25 index = new Bm25(List.of("x y", "a b", "a a b", "x y"));
    assertThat(index.best("a", 2)).containsExactly(2, 1);
    assertThat(index.best("y", 9)).containsExactly(0, 3, 1, 2);
    assertThat(index.best("nothing", 2)).containsExactly(0, 1);
    assertThat(index.best("a", 0)).isEmpty();
    assertThat(Arrays.stream(index.scores("nothing")).sum()).isZero();
    assertThat(new Bm25(List.of()).best("a", 3)).isEmpty();
    assertThatThrownBy(() -> index.best("a", -1)).hasMessageContaining("k must not be negative");
    assertThat(Bm25.terms("Élan vital, 3.5!")).containsExactly("élan", "vital", "3", "5");
  }
}
