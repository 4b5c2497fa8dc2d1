package org.alignment4j.interp.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.Progress;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.Families;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.TokenScore;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.interp.weights.ViewForward;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;

class KeyValueMemoryTest {

  private static final int BOS = 1;

  private static List<TokenIds> corpus(int sequences) {
    List<TokenIds> corpus = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      corpus.add(TokenIds.of(BOS).concat(Families.tokens(2 + new Random(i).nextInt(9), 50 + i)));
    }
    return corpus;
  }

  @Test
  void coefficientsTimesValuesAreTheOutput() {
    for (String family : List.of("gpt2", "llama, biases", "phi3", "opt, norms after")) {
      TokenIds tokens = Families.tokens(6, 3);
      try (DecoderModel model = Families.model(family)) {
        TransformerWeights weights = TransformerWeights.of(model);
        ActivationCache cache =
            model
                .forward(tokens)
                .cache(HookPoints.mlpPost(1), HookPoints.mlpOut(1))
                .execute()
                .cache();
        ValueVectors values = new ValueVectors(weights, 1);
        float[] coefficients = cache.values(HookPoints.mlpPost(1)).toArray();
        float[] out = cache.values(HookPoints.mlpOut(1)).toArray();
        int m = values.count();
        int d = weights.width();
        for (int t = 0; t < 6; t++) {
          double[] own = new double[m];
          for (int i = 0; i < m; i++) {
            own[i] = coefficients[t * m + i];
          }
          double[] sum = values.output(own);
          for (int i = 0; i < d; i++) {
            assertThat((double) out[t * d + i]).as(family).isCloseTo(sum[i], within(1e-4));
          }
        }
      }
    }
  }

  @Test
  void removingACoefficientTakesItsSubUpdateAway() {
    TokenIds tokens = Families.tokens(6, 3);
    try (DecoderModel model = Families.model("llama")) {
      ValueVectors values = new ValueVectors(TransformerWeights.of(model), 1);
      ActivationCache before =
          model
              .forward(tokens)
              .cache(HookPoints.mlpPost(1), HookPoints.residPost(1))
              .execute()
              .cache();
      Values after =
          model
              .with(Coefficients.set(1, Map.of(7, 0f)))
              .forward(tokens)
              .cache(HookPoints.residPost(1))
              .execute()
              .cache()
              .values(HookPoints.residPost(1));
      Values stream = before.values(HookPoints.residPost(1));
      Values coefficients = before.values(HookPoints.mlpPost(1));
      for (int t = 0; t < 6; t++) {
        for (int i = 0; i < 32; i++) {
          double expected = stream.get(0, t, i) - coefficients.get(0, t, 7) * values.value(7)[i];
          assertThat((double) after.get(0, t, i)).isCloseTo(expected, within(1e-4));
        }
      }
    }
  }

  @Test
  void coefficientsAreSetAtEveryPositionAndNowhereElse() {
    TokenIds tokens = Families.tokens(5, 4);
    try (DecoderModel model = Families.model("gpt2")) {
      Values plain = posts(model.forward(tokens).cache(HookPoints.mlpPost(0)).execute().cache());
      Values set =
          posts(
              model
                  .with(Coefficients.set(0, Map.of(3, 3f, 9, -1f, 4, 3f)))
                  .forward(tokens)
                  .cache(HookPoints.mlpPost(0))
                  .execute()
                  .cache());
      for (int t = 0; t < 5; t++) {
        for (int i = 0; i < 96; i++) {
          float expected = i == 3 || i == 4 ? 3 : i == 9 ? -1 : plain.get(0, t, i);
          assertThat(set.get(0, t, i)).isEqualTo(expected, within(1e-6f));
        }
      }
    }
    assertThat(Coefficients.set(0, Map.of())).isEmpty();
    assertThatThrownBy(() -> Coefficients.set(0, Map.of(4, Float.NaN)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("coefficients must be finite but that of neuron 4 was NaN");
  }

  private static Values posts(ActivationCache cache) {
    return cache.values(HookPoints.mlpPost(0));
  }

  @Test
  void valuesAreReadInTheVocabulary() {
    TransformerWeights weights = Families.view("llama");
    ValueVectors values = new ValueVectors(weights, 0);
    Matrix unembedding = weights.unembedding().weight();
    for (int neuron : new int[] {0, 17, 39}) {
      double[] scores = values.staticScores(neuron);
      double sum = 0;
      for (int w = 0; w < scores.length; w++) {
        double dot = 0;
        for (int i = 0; i < weights.width(); i++) {
          dot += values.value(neuron)[i] * unembedding.get(i, w);
        }
        assertThat(scores[w]).isCloseTo(dot, within(1e-12));
        sum += Math.exp(dot);
      }
      double[] distribution = values.distribution(neuron);
      for (int w = 0; w < scores.length; w++) {
        assertThat(distribution[w]).isCloseTo(Math.exp(scores[w]) / sum, within(1e-12));
      }
      List<TokenScore> top = values.top(neuron, ValueVectors.READ);
      assertThat(top).hasSize(30);
      assertThat(top.get(0).score()).isEqualTo(Arrays.stream(scores).max().orElseThrow());
      double[] tripled = Arrays.stream(scores).map(x -> 3 * x).toArray();
      assertThat(TokenScore.greatest(tripled, 30).stream().map(TokenScore::token))
          .as("tokens of a value three times as long")
          .containsExactlyElementsOf(top.stream().map(TokenScore::token).toList());
      assertThat(top).isSortedAccordingTo(Comparator.comparingDouble(t -> -t.score()));
    }
    double[] coefficients = new Random(2).doubles(values.count(), -1, 1).toArray();
    List<Integer> dominant = values.dominant(coefficients, 5);
    double[] sizes = new double[values.count()];
    for (int i = 0; i < sizes.length; i++) {
      double square = Arrays.stream(values.value(i)).map(x -> x * x).sum();
      sizes[i] = Math.abs(coefficients[i]) * Math.sqrt(square);
    }
    double[] sorted = sizes.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 5; i++) {
      assertThat(sizes[dominant.get(i)]).isCloseTo(sorted[sorted.length - 1 - i], within(1e-12));
    }
    assertThatThrownBy(() -> values.output(new double[3]))
        .hasMessage("coefficients must be one for each of 40 neurons but were 3");
    assertThatThrownBy(() -> values.dominant(coefficients, -1))
        .hasMessage("count must not be negative but was -1");
    assertThatThrownBy(() -> new ValueVectors(Families.view("mixtral"), 0))
        .hasMessageContaining("layer 0 has several");
  }

  /** What a plain list of every activation of a neuron tells. */
  private record Seen(double activation, int sequence, int position) {}

  private static List<List<Seen>> everything(DecoderModel model, List<TokenIds> corpus, int layer) {
    List<List<Seen>> all = new ArrayList<>();
    for (int s = 0; s < corpus.size(); s++) {
      Values posts =
          model
              .forward(corpus.get(s))
              .cache(HookPoints.mlpPost(layer))
              .execute()
              .cache()
              .values(HookPoints.mlpPost(layer));
      for (int t = 0; t < posts.shape()[1]; t++) {
        for (int i = 0; i < posts.shape()[2]; i++) {
          if (all.size() <= i) {
            all.add(new ArrayList<>());
          }
          all.get(i).add(new Seen(posts.get(0, t, i), s, t));
        }
      }
    }
    return all;
  }

  @Test
  void triggersAndStatisticsAreThoseOfAPlainList() {
    List<TokenIds> corpus = corpus(11);
    try (DecoderModel model = Families.model("llama")) {
      TopExamples top = TopExamples.greatest(4, Set.of(BOS));
      TopExamples least = TopExamples.least(4, Set.of());
      NeuronStatistics statistics = new NeuronStatistics(Set.of(BOS));
      Map<Integer, NeuronObserver> observers =
          Map.of(0, top.andThen(statistics).andThen(least), 1, (s, tokens, t, neurons) -> {});
      List<Progress> told = new ArrayList<>();
      long read =
          new CorpusScan(3, told::add, () -> 1_000_000_000L * (told.size() + 1))
              .run(model, corpus, observers, CancellationToken.none());
      assertThat(read).isEqualTo(11);
      assertThat(told.stream().map(Progress::done)).containsExactly(3L, 6L, 9L, 11L);
      assertThat(told.get(3).elapsed()).isEqualTo(Duration.ofSeconds(3));
      List<List<Seen>> all = everything(model, corpus, 0);
      assertThat(top.neurons()).isEqualTo(40);
      assertThat(statistics.neurons()).isEqualTo(40);
      for (int i = 0; i < 40; i++) {
        List<Seen> kept =
            all.get(i).stream()
                .filter(s -> corpus.get(s.sequence()).get(s.position()) != BOS)
                .toList();
        List<Seen> ranked =
            kept.stream().sorted(Comparator.comparingDouble(s -> -s.activation())).toList();
        List<NeuronExample> examples = top.of(i);
        assertThat(examples).hasSize(4);
        for (int k = 0; k < 4; k++) {
          NeuronExample example = examples.get(k);
          assertThat(example.activation()).isCloseTo(ranked.get(k).activation(), within(1e-5));
          assertThat(example.sequence()).isEqualTo(ranked.get(k).sequence());
          assertThat(example.position()).isEqualTo(ranked.get(k).position());
          TokenIds tokens = corpus.get((int) example.sequence());
          assertThat(example.prefix()).isEqualTo(tokens.slice(0, example.position() + 1));
        }
        double min = all.get(i).stream().mapToDouble(Seen::activation).min().orElseThrow();
        assertThat(least.of(i).get(0).activation()).isCloseTo(min, within(1e-5));
        double bos =
            all.get(i).stream()
                .filter(s -> corpus.get(s.sequence()).get(s.position()) == BOS)
                .mapToDouble(Seen::activation)
                .max()
                .orElseThrow();
        assertThat(top.triggeredByIgnored(i)).isEqualTo(bos > ranked.get(0).activation());
        check(statistics, i, kept.stream().mapToDouble(Seen::activation).toArray());
      }
    }
  }

  private static void check(NeuronStatistics statistics, int neuron, double[] values) {
    NeuronSummary summary = statistics.summary(neuron);
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum();
    Arrays.sort(values);
    assertThat(summary.tokens()).isEqualTo(values.length);
    assertThat(summary.mean()).isCloseTo(mean, within(1e-5));
    assertThat(summary.deviation())
        .isCloseTo(Math.sqrt(squares / (values.length - 1)), within(1e-5));
    assertThat(summary.minimum()).isCloseTo(values[0], within(1e-5));
    assertThat(summary.maximum()).isCloseTo(values[values.length - 1], within(1e-5));
    assertThat(summary.firingRate())
        .isCloseTo(
            Arrays.stream(values).filter(x -> x > 0).count() / (double) values.length,
            within(1e-12));
    for (double level : new double[] {0, 0.1, 0.5, 0.9, 1}) {
      double exact = values[(int) Math.floor(level * (values.length - 1))];
      assertThat(statistics.quantile(neuron, level))
          .isCloseTo(exact, within(0.011 * Math.abs(exact) + 1e-5));
    }
  }

  @Test
  void equalActivationsRankByTheCorpus() {
    TopExamples top = TopExamples.greatest(3, Set.of());
    TokenIds tokens = TokenIds.of(4, 5, 6, 7);
    float[] activations = {1, 2, 2, 1};
    for (int s = 0; s < 2; s++) {
      for (int t = 0; t < 4; t++) {
        top.observe(s, tokens, t, new float[] {activations[t], 0});
      }
    }
    assertThat(top.of(0).stream().map(e -> e.sequence() + ":" + e.position()))
        .containsExactly("0:1", "0:2", "1:1");
    assertThat(top.of(1).stream().map(e -> e.sequence() + ":" + e.position()))
        .containsExactly("0:0", "0:1", "0:2");
    assertThat(top.of(0).get(0).next()).hasValue(6);
    assertThat(new NeuronExample(1, 0, 3, tokens).next()).isEmpty();
    assertThat(top.triggeredByIgnored(0)).isFalse();
  }

  @Test
  void agreementComparesTheValueWithWhatFollowedItsTopTrigger() {
    List<TokenIds> corpus = corpus(9);
    try (DecoderModel model = Families.model("gpt2")) {
      ValueVectors values = new ValueVectors(TransformerWeights.of(model), 1);
      TopExamples top = TopExamples.greatest(TopExamples.TRIGGERS, Set.of(BOS));
      CorpusScan.defaults().run(model, corpus, Map.of(1, top), CancellationToken.none());
      List<Integer> expected = new ArrayList<>();
      int scored = 0;
      for (int i = 0; i < values.count(); i++) {
        NeuronExample first = top.of(i).get(0);
        if (top.triggeredByIgnored(i) || first.next().isEmpty()) {
          continue;
        }
        scored++;
        double[] p = values.distribution(i);
        int best = 0;
        for (int w = 1; w < p.length; w++) {
          best = p[w] > p[best] ? w : best;
        }
        if (best == first.next().getAsInt()) {
          expected.add(i);
        }
      }
      KeyAgreement agreement = KeyAgreement.of(top, values);
      assertThat(agreement.agreeing()).isEqualTo(expected);
      assertThat(agreement.share().n()).isEqualTo(scored).isPositive();
      assertThat(agreement.share().unscored()).isEqualTo(values.count() - scored).isPositive();
      assertThat(agreement.share().value())
          .isCloseTo((double) expected.size() / scored, within(1e-12));
      assertThatThrownBy(() -> KeyAgreement.of(TopExamples.greatest(1, Set.of()), values))
          .hasMessage("triggers and values must be of one layer but are of 0 and 96 neurons");
    }
  }

  @Test
  void earlyExitsAreWhereTheLensStopsChanging() {
    List<TokenIds> corpus = corpus(4);
    try (DecoderModel model = Families.model("gpt2, deep")) {
      TransformerWeights weights = TransformerWeights.of(model);
      EarlyExit.Report report =
          new EarlyExit(1, 3).run(model, weights, corpus, CancellationToken.none());
      int same = 0;
      int tokens = 0;
      double saved = 0;
      Set<Integer> exits = new TreeSet<>();
      for (int s = 0; s < corpus.size(); s++) {
        ViewForward naive = new ViewForward(weights);
        double[][] logits = naive.logits(corpus.get(s).toArray());
        for (int t = 0; t < logits.length; t++) {
          int layer = 1;
          while (layer < 5
              && best(lens(weights, naive, layer, t)) != best(lens(weights, naive, layer - 1, t))) {
            layer++;
          }
          assertThat(report.layers().get(s)[t]).isEqualTo(layer);
          exits.add(layer);
          same += best(lens(weights, naive, layer, t)) == best(logits[t]) ? 1 : 0;
          saved += (5 - layer) / 6.0;
          tokens++;
        }
      }
      assertThat(exits).as("layers after which some token stops").hasSizeGreaterThan(2);
      assertThat(same).isLessThan(tokens);
      assertThat(report.agreement().value()).isCloseTo(1.0 * same / tokens, within(1e-12));
      assertThat(report.saved().value()).isCloseTo(saved / tokens, within(1e-12));
      assertThat(report.agreement().clusters()).isEqualTo(4);
    }
    assertThatThrownBy(() -> new EarlyExit(0, 1))
        .hasMessage("candidates and batch must be positive but were 0 and 1");
  }

  private static double[] lens(TransformerWeights weights, ViewForward naive, int layer, int t) {
    double[] stream = naive.hooks.get("blocks." + layer + ".hook_resid_post");
    int d = weights.width();
    return weights.logits(Arrays.copyOfRange(stream, t * d, (t + 1) * d));
  }

  private static int best(double[] logits) {
    int best = 0;
    for (int w = 1; w < logits.length; w++) {
      best = logits[w] > logits[best] ? w : best;
    }
    return best;
  }

  @Test
  void badRequestsAreRefused() {
    List<TokenIds> corpus = corpus(2);
    try (DecoderModel model = Families.model("llama");
        DecoderModel experts = Families.model("mixtral")) {
      Map<Integer, NeuronObserver> some = new HashMap<>();
      assertThatThrownBy(
              () -> CorpusScan.defaults().run(model, corpus, some, CancellationToken.none()))
          .hasMessage("observers must be of at least one layer but were none");
      some.put(2, TopExamples.greatest(1, Set.of()));
      assertThatThrownBy(
              () -> CorpusScan.defaults().run(model, corpus, some, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("layer must be less than the model's 2 layers");
      Map<Integer, NeuronObserver> first = Map.of(0, TopExamples.greatest(1, Set.of()));
      assertThatThrownBy(() -> CorpusScan.defaults().run(model, corpus, first, () -> true))
          .isInstanceOf(CancelledException.class);
      assertThatThrownBy(
              () -> CorpusScan.defaults().run(experts, corpus, first, CancellationToken.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("several MLPs");
    }
    assertThatThrownBy(() -> new CorpusScan(0)).hasMessage("batch must be positive but was 0");
    assertThatThrownBy(() -> TopExamples.least(0, Set.of()))
        .hasMessage("count must be positive but was 0");
    assertThatThrownBy(() -> new NeuronStatistics(Set.of()).summary(0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
