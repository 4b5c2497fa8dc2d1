package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that the reference checkpoints do not have, against {@link NaiveDecoder}. */
class ConfigurationReferenceTest {

  private static final int[] LENGTHS = {3, 19, 8};
  private static final int VOCAB = 61;
  private static final int NEW_TOKENS = 12;

  private static final Map<String, Object> GPT2 =
      Map.of(
          "model_type", "gpt2",
          "vocab_size", VOCAB,
          "n_embd", 24,
          "n_head", 3,
          "n_layer", 3,
          "n_positions", 40);

  private static final Map<String, Object> NEOX =
      Map.of(
          "model_type", "gpt_neox",
          "vocab_size", VOCAB,
          "hidden_size", 48,
          "num_attention_heads", 3,
          "num_hidden_layers", 2,
          "intermediate_size", 72,
          "max_position_embeddings", 40);

  private static final Map<String, Object> LLAMA =
      Map.of(
          "model_type", "llama",
          "vocab_size", VOCAB,
          "hidden_size", 32,
          "num_attention_heads", 4,
          "num_hidden_layers", 2,
          "intermediate_size", 56,
          "max_position_embeddings", 40);

  private static final Map<String, Object> QWEN2 = with(LLAMA, Map.of("model_type", "qwen2"));

  static Stream<Arguments> configurations() {
    return Stream.of(
        named("gpt2, weights not scaled", GPT2, "scale_attn_weights", false),
        named("gpt2, scaled by layer", GPT2, "scale_attn_by_inverse_layer_idx", true),
        named("gpt2, narrow MLP of ReLU", GPT2, "n_inner", 17, "activation_function", "relu"),
        named("gpt2, head of its own", GPT2, "tie_word_embeddings", false, "n_head", 6),
        named("gpt2, coarse epsilon", GPT2, "layer_norm_epsilon", 0.1),
        named("neox, sequential residual", NEOX, "use_parallel_residual", false),
        named("neox, rotates all", NEOX, "rotary_pct", 1.0, "rotary_emb_base", 500),
        named("neox, tied, no biases", NEOX, "tie_word_embeddings", true, "attention_bias", false),
        named("neox, other activation", NEOX, "hidden_act", "gelu_new", "num_attention_heads", 6),
        named("llama, one key and value head", LLAMA, "num_key_value_heads", 1),
        named("llama, wide heads", LLAMA, "head_dim", 24, "num_key_value_heads", 2),
        named("llama, narrow heads", LLAMA, "head_dim", 6, "num_key_value_heads", 2),
        named("llama, biases everywhere", LLAMA, "attention_bias", true, "mlp_bias", true),
        named("llama, biases in attention", LLAMA, "attention_bias", true),
        named("llama, biases in the MLP", LLAMA, "mlp_bias", true),
        named("llama, far base", LLAMA, "rope_theta", 1e6, "rms_norm_eps", 0.05),
        named("llama, tied, GELU", LLAMA, "tie_word_embeddings", true, "hidden_act", "gelu"),
        named("qwen2, grouped, wide heads", QWEN2, "head_dim", 16, "num_key_value_heads", 2));
  }

  private static Arguments named(String name, Map<String, Object> base, Object... changes) {
    Map<String, Object> changed = new HashMap<>(base);
    for (int i = 0; i < changes.length; i += 2) {
      changed.put((String) changes[i], changes[i + 1]);
    }
    return Arguments.of(name, changed);
  }

  private static Map<String, Object> with(Map<String, Object> base, Map<String, Object> changes) {
    Map<String, Object> out = new HashMap<>(base);
    out.putAll(changes);
    return out;
  }

  /** Weights large enough that every part, biases and gains included, moves the logits. */
  private static Weights weights(ConfigJson config) {
    Random random = new Random(11);
    List<WeightTensor> tensors = new ArrayList<>();
    for (Parameter parameter : DecoderFamilies.read(config, null, Set.of()).parameters()) {
      float[] values = new float[Math.toIntExact(parameter.size())];
      float mean = parameter.role() == Parameter.Role.NORM_WEIGHT ? 1 : 0;
      for (int i = 0; i < values.length; i++) {
        values[i] = mean + 0.25f * (float) random.nextGaussian();
      }
      tensors.add(WeightTensor.of(parameter.name(), parameter.shape(), values));
    }
    return Weights.of(tensors);
  }

  private static int[] tokens(int length, int seed) {
    return new Random(seed).ints(length, 3, VOCAB).toArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("configurations")
  void scoresOfARaggedBatch(String name, Map<String, Object> keys) {
    ConfigJson config = ConfigJson.of("config.json", keys);
    Weights weights = weights(config);
    NaiveDecoder naive = new NaiveDecoder(keys, weights);
    List<Continuation> items = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      TokenIds all = TokenIds.of(tokens(LENGTHS[i], i));
      items.add(Continuation.of(Prompt.tokens(all.slice(0, 1)), all.slice(1, all.size())));
    }
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<ContinuationScore> scores = model.logProbabilities(items);
      for (int i = 0; i < LENGTHS.length; i++) {
        double[] expected = naive.logProbs(tokens(LENGTHS[i], i));
        for (int t = 0; t < expected.length; t++) {
          assertThat(scores.get(i).logProbs().get(t)).isCloseTo(expected[t], within(5e-5));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("configurations")
  void greedyTokensOfARaggedBatch(String name, Map<String, Object> keys) {
    ConfigJson config = ConfigJson.of("config.json", keys);
    Weights weights = weights(config);
    NaiveDecoder naive = new NaiveDecoder(keys, weights);
    SamplingOptions options =
        SamplingOptions.builder(NEW_TOKENS).temperature(0).ignoreEos(true).build();
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      prompts.add(Prompt.tokens(tokens(LENGTHS[i], i)));
    }
    try (DecoderModel model = DecoderModel.of(config, weights, null, TestModels.CPU)) {
      List<Completion> completions = model.generate(prompts, options);
      for (int i = 0; i < LENGTHS.length; i++) {
        assertThat(completions.get(i).tokens())
            .isEqualTo(TokenIds.of(greedy(naive, tokens(LENGTHS[i], i), model.eosTokenIds())));
      }
    }
  }

  private static int[] greedy(NaiveDecoder naive, int[] prompt, Set<Integer> forbidden) {
    int[] all = Arrays.copyOf(prompt, prompt.length + NEW_TOKENS);
    for (int n = prompt.length; n < all.length; n++) {
      double[] logits = naive.logits(Arrays.copyOf(all, n))[n - 1];
      double best = Double.NEGATIVE_INFINITY;
      for (int id = 0; id < logits.length; id++) {
        if (logits[id] > best && !forbidden.contains(id)) {
          best = logits[id];
          all[n] = id;
        }
      }
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }
}
