package org.alignment4j.runtime;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * The families that descend from Llama in float64, one loop per sum, written from their papers and
 * from what the keys of {@code config.json} mean, over weights that can be changed. It shares
 * nothing with the library but the tensors it reads.
 */
final class NaiveRotaryDecoder {

  private final Map<String, Object> config;
  private final Map<String, double[]> weights = new LinkedHashMap<>();
  private final String family;
  private final int hidden;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int inner;
  private final int vocab;

  NaiveRotaryDecoder(Map<String, Object> config, Weights from) {
    this.config = config;
    this.family = (String) config.get("model_type");
    this.hidden = integer("hidden_size");
    this.layers = integer("num_hidden_layers");
    this.heads = integer("num_attention_heads");
    this.kvHeads = integer("num_key_value_heads");
    this.headDim = config.containsKey("head_dim") ? integer("head_dim") : hidden / heads;
    this.inner = integer("intermediate_size");
    this.vocab = integer("vocab_size");
    for (WeightTensor t : from.tensors()) {
      double[] v = new double[t.size()];
      for (int i = 0; i < v.length; i++) {
        v[i] = t.data().get(i);
      }
      weights.put(t.name(), v);
    }
  }

  /** Parameters by name; changing an array changes the model. */
  Map<String, double[]> weights() {
    return weights;
  }

  private double[] w(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  private boolean gemma() {
    return family.startsWith("gemma");
  }

  /**
   * Log-probability of each token but the first, given those before it; the last one is not read.
   */
  double[] logProbs(int[] tokens) {
    return logProbs(tokens, tokens.length - 1);
  }

  /** As above, where positions turn as those of a sequence of some length. */
  double[] logProbs(int[] tokens, int length) {
    double[][] logits = logits(tokens, length);
    double[] out = new double[tokens.length - 1];
    for (int t = 1; t < tokens.length; t++) {
      out[t - 1] = logits[t - 1][tokens[t]] - logSumExp(logits[t - 1]);
    }
    return out;
  }

  /** Logits {@code [seq, vocab]} of one sequence. */
  double[][] logits(int[] tokens) {
    return logits(tokens, tokens.length);
  }

  /** As above, where positions turn as those of a sequence of some length. */
  double[][] logits(int[] tokens, int length) {
    int n = tokens.length;
    double[][] x = new double[n][hidden];
    for (int t = 0; t < n; t++) {
      for (int i = 0; i < hidden; i++) {
        double e = w("model.embed_tokens.weight")[tokens[t] * hidden + i];
        x[t][i] = gemma() ? e * Math.sqrt(hidden) : e;
      }
    }
    for (int l = 0; l < layers; l++) {
      block(l, x, length);
    }
    boolean tied = (boolean) config.getOrDefault("tie_word_embeddings", gemma());
    double cap = cap("final_logit_softcapping", 30);
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      out[t] =
          times(
              w(tied ? "model.embed_tokens.weight" : "lm_head.weight"),
              norm("model.norm", x[t]),
              vocab);
      for (int i = 0; i < vocab && cap > 0; i++) {
        out[t][i] = cap * Math.tanh(out[t][i] / cap);
      }
    }
    return out;
  }

  private double cap(String key, double absent) {
    if (!family.equals("gemma2") || (config.containsKey(key) && config.get(key) == null)) {
      return 0;
    }
    return number(config, key, absent);
  }

  private void block(int l, double[][] x, int length) {
    String at = "model.layers." + l + ".";
    double[][] read = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      read[t] = family.equals("olmo2") ? x[t] : norm(at + "input_layernorm", x[t]);
    }
    double[][] attention = attention(l, at, read, length);
    boolean after = family.equals("olmo2") || family.equals("gemma2");
    for (int t = 0; t < x.length; t++) {
      double[] added = after ? norm(at + "post_attention_layernorm", attention[t]) : attention[t];
      double[] mid = sum(x[t], added);
      double[] in =
          switch (family) {
            case "olmo2" -> mid;
            case "gemma2" -> norm(at + "pre_feedforward_layernorm", mid);
            default -> norm(at + "post_attention_layernorm", mid);
          };
      double[] mlp = mlp(at + "mlp.", in);
      x[t] = sum(mid, after ? norm(at + "post_feedforward_layernorm", mlp) : mlp);
    }
  }

  private double[] mlp(String at, double[] in) {
    return family.equals("mixtral")
        ? chosen(at.replace("mlp.", "block_sparse_moe."), in)
        : one(at, in);
  }

  /** The experts of the greatest probabilities, which are then made to sum to one. */
  private double[] chosen(String at, double[] in) {
    double[] logits = linear(at + "gate", in, integer("num_local_experts"));
    double total = logSumExp(logits);
    double[] probabilities = new double[logits.length];
    for (int e = 0; e < logits.length; e++) {
      probabilities[e] = Math.exp(logits[e] - total);
    }
    int count = (int) number(config, "num_experts_per_tok", 2);
    double[] sorted = probabilities.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - count];
    double kept = 0;
    for (double p : probabilities) {
      kept += p >= least ? p : 0;
    }
    double[] y = new double[hidden];
    for (int e = 0; e < logits.length; e++) {
      String expert = at + "experts." + e + ".";
      double[] gate = linear(expert + "w1", in, inner);
      double[] up = linear(expert + "w3", in, inner);
      for (int i = 0; i < inner; i++) {
        gate[i] = up[i] * gate[i] / (1 + Math.exp(-gate[i]));
      }
      double[] out = linear(expert + "w2", gate, hidden);
      for (int i = 0; i < hidden && probabilities[e] >= least; i++) {
        y[i] += probabilities[e] / kept * out[i];
      }
    }
    return y;
  }

  private double[] one(String at, double[] in) {
    double[] gate;
    double[] up;
    if (family.equals("phi3")) {
      double[] both = linear(at + "gate_up_proj", in, 2 * inner);
      gate = slice(both, 0, inner);
      up = slice(both, inner, inner);
    } else {
      gate = linear(at + "gate_proj", in, inner);
      up = linear(at + "up_proj", in, inner);
    }
    for (int i = 0; i < inner; i++) {
      double g = gate[i];
      gate[i] =
          up[i]
              * (gemma()
                  ? 0.5 * g * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (g + 0.044715 * g * g * g)))
                  : g / (1 + Math.exp(-g)));
    }
    return linear(at + "down_proj", gate, hidden);
  }

  private double[][] attention(int l, String at, double[][] x, int length) {
    int n = x.length;
    String self = at + "self_attn.";
    double[][][] q = new double[n][heads][];
    double[][][] k = new double[n][kvHeads][];
    double[][][] v = new double[n][kvHeads][];
    for (int t = 0; t < n; t++) {
      double[] allQ;
      double[] allK;
      double[] allV;
      int wide = heads * headDim;
      int narrow = kvHeads * headDim;
      if (family.equals("phi3")) {
        double[] all = linear(self + "qkv_proj", x[t], wide + 2 * narrow);
        allQ = slice(all, 0, wide);
        allK = slice(all, wide, narrow);
        allV = slice(all, wide + narrow, narrow);
      } else {
        allQ = linear(self + "q_proj", x[t], wide);
        allK = linear(self + "k_proj", x[t], narrow);
        allV = linear(self + "v_proj", x[t], narrow);
      }
      if (family.equals("olmo2")) {
        allQ = norm(self + "q_norm", allQ);
        allK = norm(self + "k_norm", allK);
      }
      for (int h = 0; h < heads; h++) {
        double[] one = slice(allQ, h * headDim, headDim);
        q[t][h] = rotated(family.equals("qwen3") ? norm(self + "q_norm", one) : one, t, length);
      }
      for (int h = 0; h < kvHeads; h++) {
        double[] one = slice(allK, h * headDim, headDim);
        k[t][h] = rotated(family.equals("qwen3") ? norm(self + "k_norm", one) : one, t, length);
        v[t][h] = slice(allV, h * headDim, headDim);
      }
    }
    double scale =
        1
            / Math.sqrt(
                family.equals("gemma2") ? number(config, "query_pre_attn_scalar", 256) : headDim);
    double cap = cap("attn_logit_softcapping", 50);
    int window = window(l);
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] joined = new double[heads * headDim];
      for (int h = 0; h < heads; h++) {
        int g = h / (heads / kvHeads);
        int first = window == 0 ? 0 : Math.max(0, t - window + 1);
        double[] s = new double[t + 1 - first];
        for (int j = first; j <= t; j++) {
          for (int d = 0; d < headDim; d++) {
            s[j - first] += scale * q[t][h][d] * k[j][g][d];
          }
          if (cap > 0) {
            s[j - first] = cap * Math.tanh(s[j - first] / cap);
          }
        }
        double total = logSumExp(s);
        for (int j = first; j <= t; j++) {
          for (int d = 0; d < headDim; d++) {
            joined[h * headDim + d] += Math.exp(s[j - first] - total) * v[j][g][d];
          }
        }
      }
      out[t] = linear(self + "o_proj", joined, hidden);
    }
    return out;
  }

  /** Tokens that a query of a block sees, itself included; 0 for all. */
  private int window(int layer) {
    if (!config.containsKey("sliding_window") || config.get("sliding_window") == null) {
      return 0;
    }
    int size = integer("sliding_window");
    if (config.get("layer_types") instanceof List<?> types) {
      return types.get(layer).equals("sliding_attention") ? size : 0;
    }
    return switch (family) {
      case "mistral", "mixtral", "phi3" -> size;
      case "gemma2" -> layer % 2 == 0 ? size : 0;
      case "qwen2", "qwen3" ->
          (boolean) config.getOrDefault("use_sliding_window", false)
                  && layer >= number(config, "max_window_layers", 28)
              ? size
              : 0;
      default -> 0;
    };
  }

  @SuppressWarnings("unchecked")
  private Map<String, Object> rope() {
    Object older = config.get("rope_scaling");
    return (Map<String, Object>)
        (older == null ? config.getOrDefault("rope_parameters", Map.of()) : older);
  }

  private double[] rotated(double[] head, int position, int length) {
    Map<String, Object> rope = rope();
    double theta =
        number(
            rope, "rope_theta", number(config, "rope_theta", family.equals("mixtral") ? 1e6 : 1e4));
    double fraction =
        number(rope, "partial_rotary_factor", number(config, "partial_rotary_factor", 1));
    int turning = (int) (headDim * fraction);
    String type = (String) rope.getOrDefault("rope_type", rope.getOrDefault("type", "default"));
    double magnitude = magnitude(type, rope);
    if (type.equals("dynamic")) {
      // The published form, from the reference implementation.
      double trained = integer("max_position_embeddings");
      double factor = number(rope, "factor", 1);
      double longest = Math.max(length, trained);
      theta *= Math.pow(factor * longest / trained - (factor - 1), turning / (turning - 2.0));
    }
    double[] out = head.clone();
    for (int i = 0; i < turning / 2; i++) {
      double plain = 1 / Math.pow(theta, 2.0 * i / turning);
      double angle = position * frequency(type, rope, plain, i, turning, theta, length);
      double c = magnitude * Math.cos(angle);
      double s = magnitude * Math.sin(angle);
      out[i] = head[i] * c - head[i + turning / 2] * s;
      out[i + turning / 2] = head[i + turning / 2] * c + head[i] * s;
    }
    return out;
  }

  private double original(Map<String, Object> rope) {
    String key = "original_max_position_embeddings";
    return number(rope, key, number(config, key, number(config, "max_position_embeddings", 0)));
  }

  private double frequency(
      String type,
      Map<String, Object> rope,
      double plain,
      int i,
      int turning,
      double theta,
      int length) {
    double factor = number(rope, "factor", 1);
    switch (type) {
      case "linear" -> {
        return plain / factor;
      }
      case "llama3" -> {
        double wave = 2 * Math.PI / plain;
        double low = number(rope, "low_freq_factor", 1);
        double high = number(rope, "high_freq_factor", 4);
        double before = original(rope);
        if (wave < before / high) {
          return plain;
        }
        if (wave > before / low) {
          return plain / factor;
        }
        double smooth = (before / wave - low) / (high - low);
        return (1 - smooth) * plain / factor + smooth * plain;
      }
      case "yarn" -> {
        double from = yarnComponent(number(rope, "beta_fast", 32), rope, turning, theta);
        double to = yarnComponent(number(rope, "beta_slow", 1), rope, turning, theta);
        if ((boolean) rope.getOrDefault("truncate", true)) {
          from = Math.floor(from);
          to = Math.ceil(to);
        }
        from = Math.max(0, from);
        to = Math.min(turning - 1, to);
        double ramp = Math.max(0, Math.min(1, (i - from) / (to - from)));
        return plain * (1 - ramp) + plain / factor * ramp;
      }
      case "longrope", "su" -> {
        String factors = length > original(rope) ? "long_factor" : "short_factor";
        return plain / ((Number) ((List<?>) rope.get(factors)).get(i)).doubleValue();
      }
      default -> {
        return plain;
      }
    }
  }

  private double yarnComponent(double turns, Map<String, Object> rope, int turning, double theta) {
    return turning * Math.log(original(rope) / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
  }

  private double magnitude(String type, Map<String, Object> rope) {
    if (rope.containsKey("attention_factor")) {
      return number(rope, "attention_factor", 1);
    }
    if (type.equals("yarn")) {
      return 0.1 * Math.log(number(rope, "factor", 1)) + 1;
    }
    if (type.equals("longrope") || type.equals("su")) {
      double stretch = number(config, "max_position_embeddings", 0) / original(rope);
      return Math.sqrt(1 + Math.log(stretch) / Math.log(original(rope)));
    }
    return 1;
  }

  private double[] norm(String name, double[] x) {
    double square = 0;
    for (double v : x) {
      square += v * v / x.length;
    }
    boolean coarse = Set.of("phi3", "olmo2", "mixtral").contains(family);
    double epsilon = number(config, "rms_norm_eps", coarse ? 1e-5 : 1e-6);
    double[] gain = w(name + ".weight");
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = x[i] / Math.sqrt(square + epsilon) * (gemma() ? 1 + gain[i] : gain[i]);
    }
    return out;
  }

  private double[] linear(String name, double[] x, int out) {
    double[] y = times(w(name + ".weight"), x, out);
    return weights.containsKey(name + ".bias") ? sum(y, w(name + ".bias")) : y;
  }

  private static double[] times(double[] matrix, double[] x, int out) {
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += matrix[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] y = new double[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = a[i] + b[i];
    }
    return y;
  }

  private static double[] slice(double[] x, int from, int length) {
    double[] out = new double[length];
    System.arraycopy(x, from, out, 0, length);
    return out;
  }

  private static double logSumExp(double[] x) {
    double max = Double.NEGATIVE_INFINITY;
    for (double v : x) {
      max = Math.max(max, v);
    }
    double sum = 0;
    for (double v : x) {
      sum += Math.exp(v - max);
    }
    return max + Math.log(sum);
  }

  private int integer(String key) {
    return ((Number) Objects.requireNonNull(config.get(key), key)).intValue();
  }

  private static double number(Map<String, Object> from, String key, double absent) {
    return ((Number) from.getOrDefault(key, absent)).doubleValue();
  }
}
