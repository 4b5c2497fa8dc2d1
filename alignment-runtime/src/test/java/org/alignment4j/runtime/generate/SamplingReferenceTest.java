package org.alignment4j.runtime.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.model.SamplingOptions;
import org.junit.jupiter.api.Test;

/** Combinations of sampling rules and their edges, against the naive definition. */
class SamplingReferenceTest {

  private static <T> T pick(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  @Test
  void combinationsKeepTheTokensAndProbabilitiesOfTheDefinition() {
    Random random = new Random(1);
    int checked = 0;
    for (int round = 0; round < 4_000; round++) {
      int vocab = pick(random, List.of(2, 3, 7, 20, 50, 200));
      if (round % 400 == 0) {
        vocab = pick(random, List.of(2049, 3000, 6000));
      }
      double spread = pick(random, List.of(0.0, 0.1, 1.0, 3.0, 20.0, 200.0));
      boolean ties = random.nextBoolean();
      double[] logits = new double[vocab];
      for (int i = 0; i < vocab; i++) {
        double x = spread * random.nextGaussian();
        logits[i] = ties ? Math.round(x) + (random.nextInt(5) == 0 ? -0.0 : 0) : x;
        if (ties && logits[i] == 0 && random.nextBoolean()) {
          logits[i] = -0.0;
        }
      }
      int[] seen = random.ints(1 + random.nextInt(12), 0, Math.min(vocab, 6)).toArray();
      if (vocab <= 3) {
        seen = new int[] {0};
      }
      SamplingOptions o =
          SamplingOptions.builder(1)
              .temperature(pick(random, List.of(1.0, 0.3, 0.7, 2.5, 1e-3, 100.0)))
              .topK(pick(random, List.of(0, 0, 1, 2, 5, 40, 100_000)))
              .topP(
                  pick(random, List.of(1.0, 1.0, 0.9, 0.5, 0.1, 1e-9, Double.MIN_VALUE, 0.9999999)))
              .minP(pick(random, List.of(0.0, 0.0, 0.05, 0.5, 1.0, 1e-9)))
              .typicalP(pick(random, List.of(1.0, 1.0, 0.9, 0.5, 0.2)))
              .epsilonCutoff(pick(random, List.of(0.0, 0.0, 3e-4, 0.05, 0.5)))
              .etaCutoff(pick(random, List.of(0.0, 0.0, 4e-3, 0.1, 0.9)))
              .repetitionPenalty(pick(random, List.of(1.0, 1.3, 0.5, 10.0)))
              .noRepeatNgramSize(pick(random, List.of(0, 0, 1, 2, 3, 5, 20)))
              .ignoreEos(random.nextBoolean())
              .build();
      Set<Integer> eos = vocab > 10 ? Set.of(vocab - 1, vocab - 2) : Set.of();
      double[] margin = new double[1];
      double[] expected = NaiveSampling.scores(logits, seen, o, eos, margin);
      if (Arrays.stream(expected).allMatch(x -> x == NaiveSampling.GONE)) {
        continue;
      }
      double[] actual = LogitsPipeline.of(o, eos).apply(logits, seen, seen.length);
      if (margin[0] < 1e-12) {
        continue;
      }
      checked++;
      for (int i = 0; i < vocab; i++) {
        assertThat(actual[i] == NaiveSampling.GONE)
            .as("%s, round %d, token %d", o, round, i)
            .isEqualTo(expected[i] == NaiveSampling.GONE);
      }
      double[] p = NaiveSampling.softmax(expected);
      double u = random.nextDouble();
      TokenChoice choice = TokenSampler.draw(actual, u);
      double below = 0;
      for (int i = 0; i < choice.token(); i++) {
        below += p[i];
      }
      assertThat(u).isBetween(below - 1e-12, below + p[choice.token()] + 1e-12);
      double gap = Math.abs(choice.logProb() - Math.log(p[choice.token()]));
      assertThat(gap).isLessThan(1e-9);
    }
    assertThat(checked).isGreaterThan(2_000);
  }

  /** Ties under every cut, exactly as transformers resolves them (stable ascending sort). */
  @Test
  void tiesAtTheEdges() {
    double[] flat = {1, 1, 1, 1};
    int[] seen = {0};
    // topk: scores < threshold, so equal ones all stay
    assertThat(kept(flat, seen, SamplingOptions.builder(1).topK(1).build()))
        .containsExactly(0, 1, 2, 3);
    // top_p: cumulative <= 1 - p leave, in ascending order, low ids first
    assertThat(kept(flat, seen, SamplingOptions.builder(1).topP(0.5).build()))
        .containsExactly(2, 3);
    assertThat(kept(flat, seen, SamplingOptions.builder(1).topP(0.25).build())).containsExactly(3);
    assertThat(kept(flat, seen, SamplingOptions.builder(1).topP(Double.MIN_VALUE).build()))
        .containsExactly(3);
    assertThat(kept(flat, seen, SamplingOptions.builder(1).minP(1).build()))
        .containsExactly(0, 1, 2, 3);
    // A penalty acts once on a token seen twice, on negative logits by multiplication.
    double[] out =
        LogitsPipeline.of(SamplingOptions.builder(1).repetitionPenalty(2).build(), Set.of())
            .apply(new double[] {4, -4, 0, 3}, new int[] {0, 1, 0, 1, 2}, 5);
    assertThat(out).containsExactly(2, -8, 0, 3);
    // An n-gram across the border of prompt and answer: 1 2 | 1 forbids 2
    double[] gram =
        LogitsPipeline.of(SamplingOptions.builder(1).noRepeatNgramSize(2).build(), Set.of())
            .apply(new double[4], new int[] {1, 2, 1}, 3);
    assertThat(gram).containsExactly(0, 0, NaiveSampling.GONE, 0);
  }

  private static List<Integer> kept(double[] logits, int[] seen, SamplingOptions o) {
    double[] s = LogitsPipeline.of(o, Set.of()).apply(logits, seen, seen.length);
    return IntStream.range(0, s.length).filter(i -> s[i] != NaiveSampling.GONE).boxed().toList();
  }
}
