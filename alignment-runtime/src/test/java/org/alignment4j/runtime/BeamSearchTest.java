package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.BeamSearchStopping;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.BeamSearch;
import org.alignment4j.runtime.generate.DecodeSessions;
import org.alignment4j.runtime.generate.NaiveSampling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Beam search against every sequence of a tiny vocabulary, and against its rules without a cache.
 */
class BeamSearchTest {

  private static final int VOCAB = 5;
  private static final int END = 2;
  private static final int LIMIT = 4;

  private static final Map<String, Object> KEYS = keys();
  private static final ConfigJson CONFIG = RandomModels.config(KEYS);
  private static final Weights WEIGHTS = RandomModels.weights(CONFIG, 0.35);

  private static Map<String, Object> keys() {
    Map<String, Object> keys = RandomModels.llama(VOCAB, 32, 4, 2, 32, 32);
    keys.put("eos_token_id", END);
    return keys;
  }

  private static DecoderModel model() {
    return DecoderModel.of(CONFIG, WEIGHTS, null, TestModels.CPU);
  }

  /** A sequence with its log-probability. */
  private record Scored(List<Integer> tokens, double sum) {

    double score(double penalty) {
      return sum / Math.pow(tokens.size(), penalty);
    }

    boolean ended() {
      return !tokens.isEmpty() && tokens.get(tokens.size() - 1) == END;
    }
  }

  private static double[] logProbs(NaiveDecoder decoder, int[] prompt, List<Integer> tokens) {
    int[] all = Arrays.copyOf(prompt, prompt.length + tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      all[prompt.length + i] = tokens.get(i);
    }
    double[] p = NaiveSampling.softmax(decoder.logits(all)[all.length - 1]);
    return Arrays.stream(p).map(Math::log).toArray();
  }

  private static List<Integer> with(List<Integer> tokens, int token) {
    List<Integer> longer = new ArrayList<>(tokens);
    longer.add(token);
    return longer;
  }

  /** Every sequence that ends, or has the greatest length. */
  private static void all(NaiveDecoder decoder, int[] prompt, Scored from, List<Scored> found) {
    if (from.ended() || from.tokens().size() == LIMIT) {
      found.add(from);
      return;
    }
    double[] logProbs = logProbs(decoder, prompt, from.tokens());
    for (int token = 0; token < VOCAB; token++) {
      Scored longer = new Scored(with(from.tokens(), token), from.sum() + logProbs[token]);
      all(decoder, prompt, longer, found);
    }
  }

  private static List<Integer> tokens(BeamHypothesis hypothesis) {
    return hypothesis.completion().tokens().stream().boxed().toList();
  }

  /** A beam as wide as the tree finds the best sequences of all, in order. */
  @ParameterizedTest
  @CsvSource({"1", "0", "-1", "2.5"})
  void fullWidthIsExhaustiveSearch(double penalty) {
    NaiveDecoder decoder = new NaiveDecoder(KEYS, WEIGHTS);
    try (DecoderModel model = model()) {
      for (int[] prompt : new int[][] {{0}, {3, 1, 4}, {1, 1}}) {
        List<Scored> every = new ArrayList<>();
        all(decoder, prompt, new Scored(List.of(), 0), every);
        every.sort(Comparator.comparingDouble((Scored s) -> s.score(penalty)).reversed());
        int width = 4 * 4 * 4 * VOCAB;
        BeamSearchOptions options =
            BeamSearchOptions.of(LIMIT, width)
                .lengths(penalty, BeamSearchStopping.NEVER)
                .returning(6);
        List<BeamHypothesis> found = model.beamSearch(Prompt.tokens(prompt), options);
        assertThat(found).hasSize(6);
        for (int i = 0; i < 6; i++) {
          assertThat(found.get(i).score()).isCloseTo(every.get(i).score(penalty), within(2e-4));
          if (i == 0 && every.get(0).score(penalty) - every.get(1).score(penalty) > 1e-3) {
            assertThat(tokens(found.get(0))).isEqualTo(every.get(0).tokens());
          }
        }
      }
    }
  }

  /** The rules of the documentation, with whole sequences and no cache. */
  private static List<Scored> naive(
      NaiveDecoder decoder, int[] prompt, BeamSearchOptions o, int[] stoppedEarly) {
    double penalty = o.lengthPenalty();
    Comparator<Scored> byScore = Comparator.comparingDouble(s -> -s.score(penalty));
    List<Scored> finished = new ArrayList<>();
    List<Scored> live = List.of(new Scored(List.of(), 0));
    for (int length = 1; length <= o.maxNewTokens(); length++) {
      List<Scored> candidates = new ArrayList<>();
      for (Scored beam : live) {
        double[] logProbs = logProbs(decoder, prompt, beam.tokens());
        for (int token = 0; token < VOCAB; token++) {
          candidates.add(new Scored(with(beam.tokens(), token), beam.sum() + logProbs[token]));
        }
      }
      candidates.sort(Comparator.comparingDouble(s -> -s.sum()));
      candidates = candidates.subList(0, Math.min(candidates.size(), 2 * o.beams()));
      List<Scored> next = new ArrayList<>();
      for (int rank = 0; rank < candidates.size(); rank++) {
        Scored candidate = candidates.get(rank);
        if (!candidate.ended() && next.size() < o.beams()) {
          next.add(candidate);
        } else if (candidate.ended() && rank < o.beams() && next.size() < o.beams()) {
          finished.add(candidate);
        }
      }
      finished.sort(byScore);
      finished = new ArrayList<>(finished.subList(0, Math.min(o.beams(), finished.size())));
      live = next;
      if (finished.size() == o.beams()) {
        double worst = finished.get(finished.size() - 1).score(penalty);
        double best = candidates.get(0).sum();
        int divisor =
            o.earlyStopping() == BeamSearchStopping.NEVER && penalty > 0
                ? o.maxNewTokens()
                : length;
        if (o.earlyStopping() == BeamSearchStopping.AT_ONCE
            || worst >= best / Math.pow(divisor, penalty)) {
          stoppedEarly[0]++;
          return finished.subList(0, o.returned());
        }
      }
    }
    finished.addAll(live);
    finished.sort(byScore);
    return finished.subList(0, Math.min(o.returned(), finished.size()));
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, HEURISTIC",
    "3, 1, HEURISTIC",
    "3, 0.5, AT_ONCE",
    "3, 1, NEVER",
    "4, -1, NEVER",
    "4, 2, HEURISTIC",
    "3, 0, HEURISTIC"
  })
  void narrowBeamsFollowTheRules(int beams, double penalty, BeamSearchStopping stopping) {
    NaiveDecoder decoder = new NaiveDecoder(KEYS, WEIGHTS);
    BeamSearchOptions options =
        BeamSearchOptions.of(9, beams).lengths(penalty, stopping).returning(beams);
    int[] stoppedEarly = {0};
    List<int[]> prompts =
        List.of(new int[] {0}, new int[] {3, 1, 4}, new int[] {1, 1}, new int[] {4, 0, 0, 3});
    try (DecoderModel model = model()) {
      List<List<BeamHypothesis>> found =
          model.beamSearch(
              prompts.stream().map(Prompt::tokens).toList(), options, CancellationToken.none());
      for (int i = 0; i < prompts.size(); i++) {
        List<Scored> expected = naive(decoder, prompts.get(i), options, stoppedEarly);
        assertThat(found.get(i).stream().map(BeamSearchTest::tokens))
            .as("prompt %s", i)
            .containsExactlyElementsOf(expected.stream().map(Scored::tokens).toList());
        for (int k = 0; k < expected.size(); k++) {
          BeamHypothesis hypothesis = found.get(i).get(k);
          assertThat(hypothesis.score()).isCloseTo(expected.get(k).score(penalty), within(5e-4));
          assertThat(Objects.requireNonNull(hypothesis.completion().logProbs()).sum())
              .isCloseTo(expected.get(k).sum(), within(1e-3));
          assertThat(hypothesis.completion().finishReason())
              .isEqualTo(expected.get(k).ended() ? FinishReason.EOS : FinishReason.LENGTH);
        }
      }
    }
  }

  @Test
  void bothDecodingsFindTheSame() {
    List<int[]> prompts = List.of(new int[] {0}, new int[] {3, 1, 4});
    BeamSearchOptions options = BeamSearchOptions.of(12, 4).returning(4).repetition(1.2, 3);
    try (DecoderModel model = model()) {
      List<List<List<BeamHypothesis>>> found = new ArrayList<>();
      for (var sessions :
          List.of(
              DecodeSessions.groupedQuery(model.instance()),
              DecodeSessions.cached(model.instance(), Instrumentation.none()))) {
        found.add(
            new BeamSearch(sessions, model.architecture().config(), null, Set.of(END))
                .search(prompts, options, CancellationToken.none()));
      }
      for (int i = 0; i < prompts.size(); i++) {
        for (int k = 0; k < 4; k++) {
          BeamHypothesis a = found.get(0).get(i).get(k);
          BeamHypothesis b = found.get(1).get(i).get(k);
          assertThat(a.completion().tokens()).isEqualTo(b.completion().tokens());
          assertThat(a.score()).isCloseTo(b.score(), within(1e-4));
        }
      }
      // No trigram occurs twice.
      TokenIds best = found.get(0).get(0).get(0).completion().tokens();
      List<TokenIds> grams = new ArrayList<>();
      for (int i = 0; i + 3 <= best.size(); i++) {
        grams.add(best.slice(i, i + 3));
      }
      assertThat(grams).doesNotHaveDuplicates();
    }
  }

  @Test
  void oneBeamIsGreedy() {
    try (DecoderModel model = model()) {
      Prompt prompt = Prompt.tokens(3, 1, 4);
      assertThat(model.beamSearch(prompt, BeamSearchOptions.of(9, 1)).get(0).completion().tokens())
          .isEqualTo(model.generate(prompt, SamplingOptions.greedy(9)).tokens());
      assertThatThrownBy(() -> BeamSearchOptions.of(9, 2).returning(3))
          .hasMessage("returned must be from 1 to beams (2) but was 3");
      assertThatThrownBy(
              () -> model.beamSearch(Prompt.tokens(new int[32]), BeamSearchOptions.of(9, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 32 tokens");
    }
  }
}
