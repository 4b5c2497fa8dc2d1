package org.alignment4j.runtime.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.Quantisation;
import org.alignment4j.runtime.QuantisedFamilies;
import org.alignment4j.runtime.RotaryFamilies;
import org.alignment4j.runtime.architecture.ParameterNames.Part;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.train.FlatParameters;
import org.alignment4j.runtime.train.Lora;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.LoraAdapter.LinearShape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Choices of questions behind the same examples, whose keys and values are computed once, score as
 * each does alone.
 */
class SharedPrefixScoringTest {

  private static final int VOCAB = 80;

  private ScoringMemory memory = new ScoringMemory();

  static List<String> families() {
    return QuantisedFamilies.names();
  }

  private static DecoderModel llama() {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("model_type", "llama");
    keys.put("vocab_size", VOCAB);
    keys.put("hidden_size", 32);
    keys.put("num_attention_heads", 4);
    keys.put("num_key_value_heads", 2);
    keys.put("num_hidden_layers", 2);
    keys.put("intermediate_size", 64);
    keys.put("max_position_embeddings", 512);
    ConfigJson config = ConfigJson.of("config.json", keys);
    return DecoderModel.of(
        config,
        RotaryFamilies.weights(config, 0.2),
        null,
        ModelOptions.defaults().device(DevicePolicy.CPU));
  }

  private static TokenIds tokens(int length, int seed, int vocab) {
    return TokenIds.of(new Random(seed).ints(length, 3, vocab).toArray());
  }

  /** Questions of several lengths, each with three choices of several lengths. */
  private static List<Continuation.OfTokens> questions(
      TokenIds examples, int count, int seed, int vocab) {
    List<Continuation.OfTokens> all = new ArrayList<>();
    for (int q = 0; q < count; q++) {
      TokenIds prompt = examples.concat(tokens(1 + (q * 5 + seed) % 6, 100 * seed + q, vocab));
      for (int choice = 0; choice < 3; choice++) {
        TokenIds text = tokens(1 + (q + choice) % 4, 1000 * seed + 10 * q + choice, vocab);
        all.add(new Continuation.OfTokens(Prompt.tokens(prompt), text));
      }
    }
    return all;
  }

  private Scorer scorer(DecoderModel model) {
    return new Scorer(
        model.instance(),
        Instrumentation.none(),
        new PromptEncoder(model.architecture().config(), null, model.chatTemplate()),
        model.chatTemplate(),
        memory);
  }

  private List<ContinuationScore> score(
      DecoderModel model, List<? extends Continuation> continuations) {
    return scorer(model).score(continuations, CancellationToken.none());
  }

  /** By a plain run over the whole sequence, in double. */
  private static double[] plain(DecoderModel model, Continuation.OfTokens of) {
    TokenIds prompt = ((Prompt.Tokens) of.prompt()).ids();
    TokenIds own = of.tokens();
    ForwardResult run = model.forward(prompt.concat(own.slice(0, own.size() - 1))).execute();
    double[] logProbs = new double[own.size()];
    for (int t = 0; t < logProbs.length; t++) {
      float[] logits = run.logits(0, prompt.size() - 1 + t);
      double sum = 0;
      for (float logit : logits) {
        sum += Math.exp(logit);
      }
      logProbs[t] = logits[own.get(t)] - Math.log(sum);
    }
    return logProbs;
  }

  private void assertPlain(DecoderModel model, List<Continuation.OfTokens> all) {
    List<ContinuationScore> scores = score(model, all);
    for (int i = 0; i < all.size(); i++) {
      double[] expected = plain(model, all.get(i));
      for (int t = 0; t < expected.length; t++) {
        assertThat(scores.get(i).logProbs().get(t))
            .as("continuation %d, token %d", i, t)
            .isCloseTo(expected[t], within(1e-5 * Math.max(1, Math.abs(expected[t]))));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("families")
  void choicesScoreAsByRunsOverWholeSequences(String name) {
    try (DecoderModel model = QuantisedFamilies.model(name)) {
      int vocab = model.architecture().config().vocabSize();
      assertPlain(model, questions(tokens(24, 1, vocab), 8, 1, vocab));
      assertThat(memory.prefix()).as("a prefix was shared").isNotNull();
    }
  }

  @Test
  void adaptedModelsScoreAsTheirMergedWeights() {
    try (DecoderModel base = llama()) {
      String weight = base.architecture().names().weight(1, Part.KEY);
      LoraAdapter zero = LoraAdapter.initial(Lora.rank(3), Map.of(weight, new LinearShape(32, 16)));
      FlatParameters parameters = zero.toParameters();
      FloatBuffer b = parameters.slice(LoraAdapter.bName(weight));
      for (int i = 0; i < b.limit(); i++) {
        b.put(i, 0.3f * (i % 5 - 2));
      }
      try (DecoderModel adapted = base.withAdapter(zero.withParameters(parameters));
          DecoderModel merged = adapted.merged()) {
        List<Continuation.OfTokens> all = questions(tokens(200, 5, VOCAB), 6, 1, VOCAB);
        List<ContinuationScore> scores = score(adapted, all);
        assertThat(memory.prefix()).isNotNull();
        for (int i = 0; i < all.size(); i++) {
          double[] expected = plain(merged, all.get(i));
          assertThat(scores.get(i).logProbs().toArray()).containsExactly(expected, within(2e-5));
        }
      }
    }
  }

  @Test
  void quantisedModelsScoreAsWithoutSharing() {
    for (Activations activations : Activations.values()) {
      memory = new ScoringMemory();
      try (DecoderModel base = llama();
          DecoderModel model = base.quantised(Quantisation.int8(32).activations(activations))) {
        List<Continuation.OfTokens> all = questions(tokens(150, 5, VOCAB), 6, 1, VOCAB);
        List<ContinuationScore> scores = score(model, all);
        for (int i = 0; i < all.size(); i++) {
          double alone = score(model, all.subList(i, i + 1)).get(0).sum();
          assertThat(scores.get(i).sum())
              .as("%s %d", activations, i)
              .isCloseTo(alone, within(1e-5));
        }
      }
    }
  }

  /** Several sets of examples, prompts of none, and a prompt that is the others' beginning. */
  @Test
  void questionsOfSeveralPrefixesMayBeInOneCall() {
    try (DecoderModel model = llama()) {
      List<Continuation.OfTokens> all = new ArrayList<>();
      List<Continuation.OfTokens> a = questions(tokens(150, 1, VOCAB), 5, 1, VOCAB);
      List<Continuation.OfTokens> b = questions(tokens(90, 2, VOCAB), 5, 2, VOCAB);
      List<Continuation.OfTokens> none = questions(TokenIds.empty(), 5, 3, VOCAB);
      for (int i = 0; i < a.size(); i++) {
        all.add(a.get(i));
        all.add(b.get(i));
        all.add(none.get(i));
      }
      all.add(new Continuation.OfTokens(Prompt.tokens(tokens(90, 2, VOCAB)), TokenIds.of(7, 8)));
      all.add(new Continuation.OfTokens(Prompt.tokens(tokens(150, 1, VOCAB)), TokenIds.of(9)));
      assertPlain(model, all);
    }
  }

  @Test
  void aPrefixIsComputedOnceForCallsThatShareIt() {
    TokenIds examples = tokens(300, 1, VOCAB);
    try (DecoderModel model = llama()) {
      score(model, questions(examples.concat(TokenIds.of(3)), 6, 1, VOCAB));
      PrefixKeys first = memory.prefix();
      score(model, questions(examples.concat(TokenIds.of(3)), 9, 2, VOCAB));
      assertThat(memory.prefix()).isNotNull().isSameAs(first);
      score(model, questions(tokens(299, 2, VOCAB), 6, 1, VOCAB));
      assertThat(memory.prefix()).isNotSameAs(first);
    }
  }

  /** Otherwise an evaluation that was resumed would not end in the figures of one that was not. */
  @Test
  void whatWasScoredBeforeDoesNotShowInASingleBit() {
    TokenIds examples = tokens(300, 1, VOCAB);
    List<Continuation.OfTokens> all = questions(examples, 6, 1, VOCAB);
    try (DecoderModel model = llama()) {
      List<ContinuationScore> fresh = score(model, all);
      PrefixKeys own = Objects.requireNonNull(memory.prefix());
      for (List<Continuation.OfTokens> before :
          List.of(
              all,
              questions(examples.slice(0, 290), 6, 2, VOCAB),
              questions(examples.slice(0, 128), 6, 2, VOCAB),
              questions(examples.concat(tokens(40, 3, VOCAB)), 6, 2, VOCAB),
              questions(tokens(300, 9, VOCAB), 6, 2, VOCAB))) {
        score(model, before);
        List<ContinuationScore> after = score(model, all);
        for (int i = 0; i < all.size(); i++) {
          assertThat(after.get(i).logProbs()).isEqualTo(fresh.get(i).logProbs());
        }
      }
      score(model, questions(examples.slice(0, 290), 6, 2, VOCAB));
      assertThat(memory.prefix()).isNotSameAs(own);
    }
  }

  @Test
  void cancellationStopsBetweenBlocksOfAPrefix() {
    List<Continuation.OfTokens> all = questions(tokens(400, 1, VOCAB), 6, 1, VOCAB);
    try (DecoderModel model = llama()) {
      AtomicInteger asked = new AtomicInteger();
      assertThatThrownBy(() -> scorer(model).score(all, () -> asked.incrementAndGet() == 3))
          .isInstanceOf(CancelledException.class);
      assertThat(asked.get()).isEqualTo(3);
      assertThat(memory.prefix()).isNull();
    }
  }

  @Test
  void callsOfDifferentPrefixesAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (DecoderModel model = llama()) {
      List<List<Continuation.OfTokens>> calls = new ArrayList<>();
      List<List<ContinuationScore>> alone = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        calls.add(questions(tokens(140, i, VOCAB), 4, i, VOCAB));
        alone.add(score(model, calls.get(i)));
      }
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int which = i % 3;
        running.add(
            threads.submit(
                () -> {
                  List<ContinuationScore> scores = score(model, calls.get(which));
                  for (int s = 0; s < scores.size(); s++) {
                    assertThat(scores.get(s).logProbs())
                        .isEqualTo(alone.get(which).get(s).logProbs());
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
