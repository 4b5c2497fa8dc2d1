package org.alignment4j.runtime;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;

/**
 * A decoder in float64 with one loop per sum, written from the papers and from what the keys of
 * {@code config.json} mean. It shares nothing with the library but the tensors it reads.
 */
final class NaiveDecoder {

  private final Map<String, Object> config;
  private final Weights weights;
  private final String family;
  private final int hidden;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int layers;

  NaiveDecoder(Map<String, Object> config, Weights weights) {
    this.config = config;
    this.weights = weights;
    this.family = (String) config.get("model_type");
    boolean gpt2 = family.equals("gpt2");
    this.hidden = integer(gpt2 ? "n_embd" : "hidden_size");
    this.layers = integer(gpt2 ? "n_layer" : "num_hidden_layers");
    this.heads = integer(gpt2 ? "n_head" : "num_attention_heads");
    this.kvHeads =
        config.containsKey("num_key_value_heads") ? integer("num_key_value_heads") : heads;
    this.headDim = config.containsKey("head_dim") ? integer("head_dim") : hidden / heads;
  }

  /** Logits {@code [seq, vocab]} of one sequence. */
  double[][] logits(int[] tokens) {
    double[][] stream = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      stream[t] = row(embedding(), tokens[t]);
      if (family.equals("gpt2")) {
        add(stream[t], row("transformer.wpe.weight", t));
      }
    }
    for (int layer = 0; layer < layers; layer++) {
      block(layer, stream);
    }
    boolean tied = flag("tie_word_embeddings", family.equals("gpt2"));
    String own = family.equals("gpt_neox") ? "embed_out.weight" : "lm_head.weight";
    String finalNorm =
        switch (family) {
          case "gpt2" -> "transformer.ln_f";
          case "gpt_neox" -> "gpt_neox.final_layer_norm";
          default -> "model.norm";
        };
    double[][] out = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      out[t] = rowsTimes(matrix(tied ? embedding() : own), norm(finalNorm, stream[t]));
    }
    return out;
  }

  /** Log-probability of each token but the first, given those before it. */
  double[] logProbs(int[] tokens) {
    double[][] logits = logits(tokens);
    double[] out = new double[tokens.length - 1];
    for (int t = 1; t < tokens.length; t++) {
      double max = Double.NEGATIVE_INFINITY;
      for (double logit : logits[t - 1]) {
        max = Math.max(max, logit);
      }
      double sum = 0;
      for (double logit : logits[t - 1]) {
        sum += Math.exp(logit - max);
      }
      out[t - 1] = logits[t - 1][tokens[t]] - max - Math.log(sum);
    }
    return out;
  }

  private String embedding() {
    return switch (family) {
      case "gpt2" -> "transformer.wte.weight";
      case "gpt_neox" -> "gpt_neox.embed_in.weight";
      default -> "model.embed_tokens.weight";
    };
  }

  private void block(int layer, double[][] stream) {
    String at =
        switch (family) {
          case "gpt2" -> "transformer.h." + layer + ".";
          case "gpt_neox" -> "gpt_neox.layers." + layer + ".";
          default -> "model.layers." + layer + ".";
        };
    boolean gpt2 = family.equals("gpt2");
    String first = at + (gpt2 ? "ln_1" : "input_layernorm");
    String second = at + (gpt2 ? "ln_2" : "post_attention_layernorm");
    boolean parallel = family.equals("gpt_neox") && flag("use_parallel_residual", true);
    int length = stream.length;
    double[][] normed = new double[length][];
    double[][] mlp = new double[length][];
    for (int t = 0; t < length; t++) {
      normed[t] = norm(first, stream[t]);
      if (parallel) {
        mlp[t] = mlp(at, norm(second, stream[t]));
      }
    }
    double[][] attention = attention(at, layer, normed);
    for (int t = 0; t < length; t++) {
      add(stream[t], attention[t]);
      add(stream[t], parallel ? mlp[t] : mlp(at, norm(second, stream[t])));
    }
  }

  private double[][] attention(String at, int layer, double[][] x) {
    int length = x.length;
    double[][][] q = new double[heads][length][];
    double[][][] k = new double[heads][length][];
    double[][][] v = new double[heads][length][];
    for (int t = 0; t < length; t++) {
      project(at, x[t], t, q, k, v);
    }
    double scale = flag("scale_attn_weights", true) ? 1 / Math.sqrt(headDim) : 1;
    if (flag("scale_attn_by_inverse_layer_idx", false)) {
      scale /= layer + 1;
    }
    double[][] out = new double[length][];
    for (int t = 0; t < length; t++) {
      double[] joined = new double[heads * headDim];
      for (int h = 0; h < heads; h++) {
        double[] weight = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          weight[s] = Math.exp(scale * dot(q[h][t], k[h][s]));
          sum += weight[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int d = 0; d < headDim; d++) {
            joined[h * headDim + d] += weight[s] / sum * v[h][s][d];
          }
        }
      }
      out[t] =
          switch (family) {
            case "gpt2" -> linear(at + "attn.c_proj", joined);
            case "gpt_neox" -> linear(at + "attention.dense", joined);
            default -> linear(at + "self_attn.o_proj", joined);
          };
    }
    return out;
  }

  /** Query, key and value of every head at position {@code t}, rotated where the family rotates. */
  private void project(
      String at, double[] x, int t, double[][][] q, double[][][] k, double[][][] v) {
    double[] fused =
        switch (family) {
          case "gpt2" -> linear(at + "attn.c_attn", x);
          case "gpt_neox" -> linear(at + "attention.query_key_value", x);
          default -> new double[0];
        };
    boolean separate = fused.length == 0;
    double[] ownQ = separate ? linear(at + "self_attn.q_proj", x) : fused;
    double[] ownK = separate ? linear(at + "self_attn.k_proj", x) : fused;
    double[] ownV = separate ? linear(at + "self_attn.v_proj", x) : fused;
    for (int h = 0; h < heads; h++) {
      int kv = h / (heads / kvHeads);
      switch (family) {
        case "gpt2" -> {
          q[h][t] = slice(fused, h * headDim);
          k[h][t] = slice(fused, hidden + h * headDim);
          v[h][t] = slice(fused, 2 * hidden + h * headDim);
        }
        case "gpt_neox" -> {
          q[h][t] = rotated(slice(fused, 3 * h * headDim), t);
          k[h][t] = rotated(slice(fused, (3 * h + 1) * headDim), t);
          v[h][t] = slice(fused, (3 * h + 2) * headDim);
        }
        default -> {
          q[h][t] = rotated(slice(ownQ, h * headDim), t);
          k[h][t] = rotated(slice(ownK, kv * headDim), t);
          v[h][t] = slice(ownV, kv * headDim);
        }
      }
    }
  }

  private double[] rotated(double[] head, int position) {
    boolean neox = family.equals("gpt_neox");
    double theta = number(neox ? "rotary_emb_base" : "rope_theta", 10_000);
    int turning = (int) (headDim * (neox ? number("rotary_pct", 0.25) : 1));
    double[] out = head.clone();
    int half = turning / 2;
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(theta, -2.0 * i / turning);
      out[i] = head[i] * Math.cos(angle) - head[i + half] * Math.sin(angle);
      out[i + half] = head[i + half] * Math.cos(angle) + head[i] * Math.sin(angle);
    }
    return out;
  }

  private double[] mlp(String at, double[] x) {
    DoubleUnaryOperator f = activation();
    switch (family) {
      case "gpt2" -> {
        return linear(at + "mlp.c_proj", map(linear(at + "mlp.c_fc", x), f));
      }
      case "gpt_neox" -> {
        return linear(at + "mlp.dense_4h_to_h", map(linear(at + "mlp.dense_h_to_4h", x), f));
      }
      default -> {
        double[] gated = map(linear(at + "mlp.gate_proj", x), f);
        double[] up = linear(at + "mlp.up_proj", x);
        for (int i = 0; i < up.length; i++) {
          gated[i] *= up[i];
        }
        return linear(at + "mlp.down_proj", gated);
      }
    }
  }

  private DoubleUnaryOperator activation() {
    String key = family.equals("gpt2") ? "activation_function" : "hidden_act";
    String absent =
        switch (family) {
          case "gpt2" -> "gelu_new";
          case "gpt_neox" -> "gelu";
          default -> "silu";
        };
    return switch ((String) config.getOrDefault(key, absent)) {
      case "gelu" -> x -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
      case "silu" -> x -> x / (1 + Math.exp(-x));
      case "relu" -> x -> Math.max(x, 0);
      default ->
          x -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    };
  }

  /** The error function by its Maclaurin series, which converges quickly where tests need it. */
  private static double erf(double x) {
    if (Math.abs(x) > 5) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private double[] norm(String name, double[] x) {
    boolean rms = !family.equals("gpt2") && !family.equals("gpt_neox");
    double mean = 0;
    for (double value : x) {
      mean += rms ? 0 : value / x.length;
    }
    double square = 0;
    for (double value : x) {
      square += (value - mean) * (value - mean) / x.length;
    }
    double epsilon =
        switch (family) {
          case "gpt2" -> number("layer_norm_epsilon", 1e-5);
          case "gpt_neox" -> number("layer_norm_eps", 1e-5);
          default -> number("rms_norm_eps", 1e-6);
        };
    FloatBuffer gain = weights.get(name + ".weight").data();
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (x[i] - mean) / Math.sqrt(square + epsilon) * gain.get(i);
      if (!rms) {
        out[i] += weights.get(name + ".bias").data().get(i);
      }
    }
    return out;
  }

  private double[] linear(String name, double[] x) {
    WeightTensor weight = matrix(name + ".weight");
    double[] y = family.equals("gpt2") ? timesColumns(weight, x) : rowsTimes(weight, x);
    if (weights.contains(name + ".bias")) {
      FloatBuffer bias = weights.get(name + ".bias").data();
      for (int i = 0; i < y.length; i++) {
        y[i] += bias.get(i);
      }
    }
    return y;
  }

  private WeightTensor matrix(String name) {
    return weights.get(name);
  }

  /** {@code W·x} of a weight {@code [out, in]}. */
  private static double[] rowsTimes(WeightTensor weight, double[] x) {
    FloatBuffer w = weight.data();
    double[] y = new double[(int) weight.shape()[0]];
    for (int o = 0; o < y.length; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += (double) w.get(o * x.length + i) * x[i];
      }
    }
    return y;
  }

  /** {@code x·W} of a weight {@code [in, out]}. */
  private static double[] timesColumns(WeightTensor weight, double[] x) {
    FloatBuffer w = weight.data();
    double[] y = new double[(int) weight.shape()[1]];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < y.length; o++) {
        y[o] += x[i] * w.get(i * y.length + o);
      }
    }
    return y;
  }

  private double[] row(String name, int index) {
    FloatBuffer table = weights.get(name).data();
    double[] out = new double[hidden];
    for (int i = 0; i < hidden; i++) {
      out[i] = table.get(index * hidden + i);
    }
    return out;
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

  private static void add(double[] target, double[] x) {
    for (int i = 0; i < x.length; i++) {
      target[i] += x[i];
    }
  }

  private static double[] map(double[] x, DoubleUnaryOperator f) {
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = f.applyAsDouble(x[i]);
    }
    return out;
  }

  private int integer(String key) {
    return ((Number) config.get(key)).intValue();
  }

  private double number(String key, double absent) {
    return ((Number) config.getOrDefault(key, absent)).doubleValue();
  }

  private boolean flag(String key, boolean absent) {
    return (boolean) config.getOrDefault(key, absent);
  }
}
