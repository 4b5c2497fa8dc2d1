package org.alignment4j.runtime;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * GPT-J, GPT-Neo, OPT and BLOOM in float64 with one loop per sum, written from what the keys of
 * {@code config.json} mean, over weights that can be changed. It shares nothing with the library
 * but the tensors it reads.
 */
public final class NaiveGptDecoder {

  /** The weights by name; changing an element changes the decoder. */
  public final Map<String, double[]> weights = new LinkedHashMap<>();

  private final Map<String, long[]> shapes = new HashMap<>();
  private final Map<String, Object> config;
  private final String family;
  private final int hidden;
  private final int heads;
  private final int headDim;
  private final int layers;

  /** The decoder of a configuration. */
  public NaiveGptDecoder(Map<String, Object> config, Weights from) {
    this.config = config;
    this.family = (String) config.get("model_type");
    this.hidden = integer(family.equals("gptj") ? "n_embd" : "hidden_size");
    this.layers =
        integer(
            switch (family) {
              case "gptj", "bloom" -> "n_layer";
              case "gpt_neo" -> "num_layers";
              default -> "num_hidden_layers";
            });
    this.heads =
        integer(
            switch (family) {
              case "gptj", "bloom" -> "n_head";
              case "gpt_neo" -> "num_heads";
              default -> "num_attention_heads";
            });
    this.headDim = hidden / heads;
    for (WeightTensor t : from.tensors()) {
      double[] values = new double[t.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = t.data().get(i);
      }
      weights.put(t.name(), values);
      shapes.put(t.name(), t.shape());
    }
  }

  /** Logits {@code [seq, vocab]} of one sequence. */
  public double[][] logits(int[] tokens) {
    int n = tokens.length;
    double[][] x = new double[n][];
    for (int t = 0; t < n; t++) {
      x[t] = embedded(tokens[t], t);
    }
    for (int layer = 0; layer < layers; layer++) {
      x = block(layer, x);
    }
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      out[t] = unembedded(x[t]);
    }
    return out;
  }

  /** Log-probability of each token but the first, given those before it. */
  public double[] logProbs(int[] tokens) {
    double[][] logits = logits(tokens);
    double[] out = new double[tokens.length - 1];
    for (int t = 1; t < tokens.length; t++) {
      double sum = 0;
      for (double logit : logits[t - 1]) {
        sum += Math.exp(logit - logits[t - 1][tokens[t]]);
      }
      out[t - 1] = -Math.log(sum);
    }
    return out;
  }

  private double[] embedded(int token, int position) {
    switch (family) {
      case "gptj" -> {
        return row("transformer.wte.weight", token);
      }
      case "gpt_neo" -> {
        return sum(row("transformer.wte.weight", token), row("transformer.wpe.weight", position));
      }
      case "opt" -> {
        double[] x = row("model.decoder.embed_tokens.weight", token);
        if (weights.containsKey("model.decoder.project_in.weight")) {
          x = linear("model.decoder.project_in", x);
        }
        return sum(x, row("model.decoder.embed_positions.weight", position + 2));
      }
      default -> {
        return norm(
            "transformer.word_embeddings_layernorm",
            row("transformer.word_embeddings.weight", token));
      }
    }
  }

  private double[] unembedded(double[] x) {
    String table =
        switch (family) {
          case "opt" -> "model.decoder.embed_tokens.weight";
          case "bloom" -> "transformer.word_embeddings.weight";
          default -> "transformer.wte.weight";
        };
    double[] y = x;
    if (!family.equals("opt")) {
      y = norm("transformer.ln_f", y);
    } else if (flag("do_layer_norm_before", true) && !flag("_remove_final_layer_norm", false)) {
      y = norm("model.decoder.final_layer_norm", y);
    }
    if (weights.containsKey("model.decoder.project_out.weight")) {
      y = linear("model.decoder.project_out", y);
    }
    boolean tied = flag("tie_word_embeddings", !family.equals("gptj"));
    double[] logits = times(tied ? table : "lm_head.weight", y);
    return family.equals("gptj") ? sum(logits, w("lm_head.bias")) : logits;
  }

  private double[][] block(int layer, double[][] x) {
    int n = x.length;
    double[][] out = new double[n][];
    switch (family) {
      case "gptj" -> {
        String at = "transformer.h." + layer + ".";
        double[][] normed = norms(at + "ln_1", x);
        double[][] attended = attention(at + "attn.", layer, normed);
        for (int t = 0; t < n; t++) {
          double[] mlp = mlp(at + "mlp.fc_in", at + "mlp.fc_out", normed[t]);
          out[t] = sum(x[t], sum(attended[t], mlp));
        }
      }
      case "gpt_neo" -> {
        String at = "transformer.h." + layer + ".";
        double[][] attended = attention(at + "attn.attention.", layer, norms(at + "ln_1", x));
        for (int t = 0; t < n; t++) {
          double[] mid = sum(x[t], attended[t]);
          double[] read = norm(at + "ln_2", mid);
          out[t] = sum(mid, mlp(at + "mlp.c_fc", at + "mlp.c_proj", read));
        }
      }
      case "opt" -> {
        String at = "model.decoder.layers." + layer + ".";
        boolean before = flag("do_layer_norm_before", true);
        double[][] read = before ? norms(at + "self_attn_layer_norm", x) : x;
        double[][] attended = attention(at + "self_attn.", layer, read);
        for (int t = 0; t < n; t++) {
          double[] mid = sum(x[t], attended[t]);
          if (!before) {
            mid = norm(at + "self_attn_layer_norm", mid);
          }
          double[] in = before ? norm(at + "final_layer_norm", mid) : mid;
          out[t] = sum(mid, mlp(at + "fc1", at + "fc2", in));
          if (!before) {
            out[t] = norm(at + "final_layer_norm", out[t]);
          }
        }
      }
      default -> {
        String at = "transformer.h." + layer + ".";
        boolean carried = flag("apply_residual_connection_post_layernorm", false);
        double[][] read = norms(at + "input_layernorm", x);
        double[][] attended = attention(at + "self_attention.", layer, read);
        for (int t = 0; t < n; t++) {
          double[] mid = sum(carried ? read[t] : x[t], attended[t]);
          double[] in = norm(at + "post_attention_layernorm", mid);
          double[] mlp = mlp(at + "mlp.dense_h_to_4h", at + "mlp.dense_4h_to_h", in);
          out[t] = sum(carried ? in : mid, mlp);
        }
      }
    }
    return out;
  }

  private double[][] attention(String at, int layer, double[][] x) {
    int n = x.length;
    double[][][] q = new double[n][heads][];
    double[][][] k = new double[n][heads][];
    double[][][] v = new double[n][heads][];
    for (int t = 0; t < n; t++) {
      double[][] own =
          family.equals("bloom")
              ? new double[][] {linear(at + "query_key_value", x[t])}
              : new double[][] {
                linear(at + "q_proj", x[t]),
                linear(at + "k_proj", x[t]),
                linear(at + "v_proj", x[t])
              };
      for (int h = 0; h < heads; h++) {
        boolean fused = own.length == 1;
        int first = (fused ? 3 * h : h) * headDim;
        q[t][h] = turned(slice(own[0], first), t);
        k[t][h] = turned(slice(own[fused ? 0 : 1], fused ? first + headDim : first), t);
        v[t][h] = slice(own[fused ? 0 : 2], fused ? first + 2 * headDim : first);
      }
    }
    double scale = family.equals("gpt_neo") ? 1 : 1 / Math.sqrt(headDim);
    int window = local(layer) ? integer("window_size") : Integer.MAX_VALUE;
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] joined = new double[hidden];
      for (int h = 0; h < heads; h++) {
        double sum = 0;
        double[] mixed = new double[headDim];
        for (int s = 0; s <= t; s++) {
          if (t - s >= window) {
            continue;
          }
          double score = scale * dot(q[t][h], k[s][h]);
          if (family.equals("bloom")) {
            score += slope(h) * s;
          }
          double weight = Math.exp(score);
          sum += weight;
          for (int d = 0; d < headDim; d++) {
            mixed[d] += weight * v[s][h][d];
          }
        }
        for (int d = 0; d < headDim; d++) {
          joined[h * headDim + d] = mixed[d] / sum;
        }
      }
      out[t] = linear(at + (family.equals("bloom") ? "dense" : "out_proj"), joined);
    }
    return out;
  }

  /** Layers alternate between global and local attention, the first being global. */
  private boolean local(int layer) {
    return family.equals("gpt_neo") && layer % 2 == 1;
  }

  /** The published recipe for slopes of any number of heads, by recursion. */
  private double slope(int head) {
    return slopes(heads)[head];
  }

  private static double[] slopes(int n) {
    double[] out = new double[n];
    int power = 1;
    while (2 * power <= n) {
      power *= 2;
    }
    if (power == n) {
      double start = Math.pow(2, -Math.pow(2, -(Math.log(n) / Math.log(2) - 3)));
      for (int i = 0; i < n; i++) {
        out[i] = start * Math.pow(start, i);
      }
      return out;
    }
    double[] low = slopes(power);
    double[] high = slopes(2 * power);
    for (int i = 0; i < n; i++) {
      out[i] = i < power ? low[i] : high[2 * (i - power)];
    }
    return out;
  }

  /** GPT-J's rotation of neighbouring components; the identity for the other families. */
  private double[] turned(double[] head, int position) {
    if (!family.equals("gptj")) {
      return head;
    }
    int turning = integer("rotary_dim");
    double[] out = head.clone();
    for (int i = 0; i < turning; i += 2) {
      double angle = position / Math.pow(10_000, (double) i / turning);
      out[i] = head[i] * Math.cos(angle) - head[i + 1] * Math.sin(angle);
      out[i + 1] = head[i + 1] * Math.cos(angle) + head[i] * Math.sin(angle);
    }
    return out;
  }

  private double[] mlp(String up, String down, double[] x) {
    double[] neurons = linear(up, x);
    DoubleUnaryOperator f = activation();
    for (int i = 0; i < neurons.length; i++) {
      neurons[i] = f.applyAsDouble(neurons[i]);
    }
    return linear(down, neurons);
  }

  private DoubleUnaryOperator activation() {
    String absent = family.equals("opt") ? "relu" : "gelu_new";
    String name = (String) config.getOrDefault("activation_function", absent);
    return switch (name) {
      case "relu" -> x -> Math.max(x, 0);
      case "silu" -> x -> x / (1 + Math.exp(-x));
      default ->
          x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    };
  }

  private double[][] norms(String name, double[][] x) {
    double[][] out = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      out[t] = norm(name, x[t]);
    }
    return out;
  }

  private double[] norm(String name, double[] x) {
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double epsilon = ((Number) config.getOrDefault("layer_norm_epsilon", 1e-5)).doubleValue();
    double[] gain = w(name + ".weight");
    double[] bias = w(name + ".bias");
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (x[i] - mean) / Math.sqrt(variance + epsilon) * gain[i] + bias[i];
    }
    return out;
  }

  private double[] linear(String name, double[] x) {
    double[] y = times(name + ".weight", x);
    return weights.containsKey(name + ".bias") ? sum(y, w(name + ".bias")) : y;
  }

  /** {@code W·x} of a weight {@code [out, in]}. */
  private double[] times(String name, double[] x) {
    double[] w = w(name);
    double[] y = new double[(int) Objects.requireNonNull(shapes.get(name))[0]];
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += w[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private double[] row(String name, int index) {
    int width = (int) Objects.requireNonNull(shapes.get(name))[1];
    double[] out = new double[width];
    System.arraycopy(w(name), index * width, out, 0, width);
    return out;
  }

  private double[] w(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  private double[] slice(double[] x, int from) {
    double[] out = new double[headDim];
    System.arraycopy(x, from, out, 0, headDim);
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < a.length; i++) {
      out[i] += b[i];
    }
    return out;
  }

  private int integer(String key) {
    return ((Number) Objects.requireNonNull(config.get(key), key)).intValue();
  }

  private boolean flag(String key, boolean absent) {
    return (boolean) config.getOrDefault(key, absent);
  }
}
