package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Guidance;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.generate.NaiveSampling;
import org.junit.jupiter.api.Test;

/** Requests one by one: numbered samples, guidance, and failures that stay alone. */
class GenerationOutcomeTest {

  private static final int VOCAB = 60;

  private static double[] logSoftmax(double[] logits) {
    return Arrays.stream(NaiveSampling.softmax(logits)).map(Math::log).toArray();
  }

  private static int[] with(int[] tokens, int token) {
    int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
    longer[tokens.length] = token;
    return longer;
  }

  @Test
  void oneRequestFailsAlone() {
    try (DecoderModel model = TestModels.small()) {
      SamplingOptions options =
          SamplingOptions.builder(3).seed(4).ignoreEos(true).logProbs(true).build();
      Prompt good = Prompt.tokens(5, 6);
      List<GenerationOutcome> outcomes =
          model.sample(
              List.of(
                  GenerationRequest.of(Prompt.tokens(new int[48])),
                  GenerationRequest.of(good),
                  GenerationRequest.of(Prompt.tokens(5, 120)),
                  GenerationRequest.of(good).with(new Guidance(Prompt.tokens(), 2))),
              options);
      assertThat(outcomes.get(1).completion().tokens())
          .isEqualTo(model.generate(good, options).tokens());
      assertThatThrownBy(() -> outcomes.get(0).completion())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("context of 48 tokens");
      assertThatThrownBy(() -> outcomes.get(2).completion()).hasMessageContaining("was 120");
      assertThat(outcomes.get(3)).isInstanceOf(GenerationOutcome.Failed.class);
      assertThat(model.sample(List.of(), options)).isEmpty();
    }
  }

  /** With unigrams forbidden a prompt of nearly all tokens runs out of them before another does. */
  @Test
  void aRowWithoutTokensLeftFailsAlone() {
    try (DecoderModel model = narrow()) {
      SamplingOptions options =
          SamplingOptions.builder(4).temperature(0).noRepeatNgramSize(1).ignoreEos(true).build();
      List<GenerationOutcome> outcomes =
          model.sample(
              List.of(
                  GenerationRequest.of(Prompt.tokens(0, 1, 3, 4, 5)),
                  GenerationRequest.of(Prompt.tokens(3))),
              options);
      assertThatThrownBy(() -> outcomes.get(0).completion())
          .isInstanceOf(ModelExecutionException.class)
          .hasMessageContaining("at least one token must remain");
      assertThat(outcomes.get(1).completion().tokens().size()).isEqualTo(4);
    }
  }

  private static DecoderModel narrow() {
    Map<String, Object> keys = RandomModels.llama(7, 32, 4, 1, 32, 32);
    keys.put("eos_token_id", 2);
    ConfigJson config = RandomModels.config(keys);
    return DecoderModel.of(config, RandomModels.weights(config, 0.3), null, TestModels.CPU);
  }

  /**
   * First tokens of many samples have the model's frequencies: Pearson's statistic over {@value
   * #VOCAB} tokens is below its 1 - 1e-6 quantile of 59 degrees of freedom, 126.
   */
  @Test
  void numberedSamplesFollowTheDistribution() {
    Map<String, Object> keys = RandomModels.llama(VOCAB, 32, 4, 1, 32, 32);
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RandomModels.weights(config, 0.1);
    int[] prompt = {4, 9, 13};
    double[] p = NaiveSampling.softmax(new NaiveDecoder(keys, weights).logits(prompt)[2]);
    int samples = 6000;
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      double[] counts = new double[VOCAB];
      int repeated = 0;
      int last = -1;
      for (Completion completion :
          model.samples(Prompt.tokens(prompt), samples, SamplingOptions.sampling(1, 21))) {
        int token = completion.tokens().get(0);
        counts[token]++;
        repeated += token == last ? 1 : 0;
        last = token;
      }
      double statistic = 0;
      double same = 0;
      for (int i = 0; i < VOCAB; i++) {
        statistic += Math.pow(counts[i] - samples * p[i], 2) / (samples * p[i]);
        same += p[i] * p[i];
      }
      assertThat(statistic).isLessThan(126);
      // Neighbouring samples are independent: five standard deviations.
      assertThat((double) repeated)
          .isCloseTo(samples * same, within(5 * Math.sqrt(samples * same * (1 - same))));
    }
  }

  /** Samples of one prompt read it once. */
  @Test
  void samplesShareTheirPrompt() {
    try (DecoderModel model = TestModels.small()) {
      List<Completion> samples =
          model.samples(Prompt.tokens(5, 6, 7, 8), 5, SamplingOptions.sampling(3, 1));
      assertThat(samples.stream().mapToLong(c -> c.usage().promptTokens()).sum()).isEqualTo(20);
      assertThat(samples.stream().mapToLong(c -> c.usage().cachedTokens()).sum()).isEqualTo(16);
      assertThat(samples.stream().map(Completion::tokens).distinct().count()).isGreaterThan(1);
    }
  }

  /** Guided tokens and both log-probabilities, against the definition on the float64 decoder. */
  @Test
  void guidanceIsTheDefinition() {
    Map<String, Object> keys = RandomModels.llama(VOCAB, 32, 4, 2, 48, 48);
    ConfigJson config = RandomModels.config(keys);
    Weights weights = RandomModels.weights(config, 0.2);
    NaiveDecoder reference = new NaiveDecoder(keys, weights);
    int[] prompt = {4, 9, 13};
    int[] negative = {7, 1, 20, 33, 2};
    SamplingOptions options =
        SamplingOptions.builder(6).temperature(0.8).ignoreEos(true).logProbs(true).build();
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<GenerationRequest> requests = new ArrayList<>();
      double[] scales = {0, 1, 1.5, 3};
      for (double scale : scales) {
        requests.add(
            GenerationRequest.of(Prompt.tokens(prompt))
                .with(new Guidance(Prompt.tokens(negative), scale)));
      }
      requests.add(GenerationRequest.of(Prompt.tokens(prompt)));
      List<GenerationOutcome> outcomes = model.sample(requests, options);
      assertThat(outcomes.get(1).completion().tokens())
          .isEqualTo(outcomes.get(4).completion().tokens());
      for (int r = 0; r < scales.length; r++) {
        Completion completion = outcomes.get(r).completion();
        LogProbs drawn = Objects.requireNonNull(completion.logProbs());
        LogProbs own = Objects.requireNonNull(completion.modelLogProbs());
        int[] a = prompt;
        int[] b = negative;
        for (int t = 0; t < completion.tokens().size(); t++) {
          double[] p = logSoftmax(reference.logits(a)[a.length - 1]);
          double[] n = logSoftmax(reference.logits(b)[b.length - 1]);
          double[] guided = new double[VOCAB];
          for (int i = 0; i < VOCAB; i++) {
            guided[i] = (n[i] + scales[r] * (p[i] - n[i])) / 0.8;
          }
          model.eosTokenIds().forEach(id -> guided[id] = NaiveSampling.GONE);
          int token = completion.tokens().get(t);
          assertThat(drawn.get(t)).isCloseTo(logSoftmax(guided)[token], within(5e-4));
          assertThat(own.get(t)).isCloseTo(p[token], within(2e-4));
          a = with(a, token);
          b = with(b, token);
        }
      }
    }
  }
}
