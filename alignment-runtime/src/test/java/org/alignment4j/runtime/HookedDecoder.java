package org.alignment4j.runtime;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2 and Llama in float64, naively, over weights that can be changed, with hooks on every
 * vector.
 */
final class HookedDecoder {

  /** Changes a vector in place. */
  interface Hook {
    /**
     * {@code head} is −1 where there are none; for scores and patterns the vector runs over keys.
     */
    void at(String point, int layer, int position, int head, double[] x);
  }

  final Map<String, double[]> weights = new LinkedHashMap<>();
  private final boolean gpt2;
  private final int hidden;
  private final int layers;
  private final int heads;
  private final int kvHeads;
  private final int headDim;
  private final int inner;
  private final int vocab;
  Hook hook = (p, l, t, h, x) -> {};

  HookedDecoder(
      boolean gpt2,
      int hidden,
      int layers,
      int heads,
      int kvHeads,
      int headDim,
      int inner,
      int vocab) {
    this.gpt2 = gpt2;
    this.hidden = hidden;
    this.layers = layers;
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    this.inner = inner;
    this.vocab = vocab;
  }

  HookedDecoder load(Weights from) {
    for (WeightTensor t : from.tensors()) {
      double[] v = new double[t.size()];
      for (int i = 0; i < v.length; i++) {
        v[i] = t.data().get(i);
      }
      weights.put(t.name(), v);
    }
    return this;
  }

  private double[] w(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /** Logits of every position. */
  double[][] logits(int[] tokens) {
    int n = tokens.length;
    double[][] x = new double[n][];
    String table = gpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight";
    for (int t = 0; t < n; t++) {
      x[t] = row(w(table), tokens[t], hidden);
      if (gpt2) {
        add(x[t], row(w("transformer.wpe.weight"), t, hidden));
      }
    }
    for (int l = 0; l < layers; l++) {
      block(l, x);
    }
    String head = weights.containsKey("lm_head.weight") ? "lm_head.weight" : table;
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      out[t] = outIn(w(head), norm(gpt2 ? "transformer.ln_f" : "model.norm", x[t]), vocab);
    }
    return out;
  }

  /** Log-probability of each token but the first. */
  double[] logProbs(int[] tokens) {
    double[][] logits = logits(tokens);
    double[] out = new double[tokens.length - 1];
    for (int t = 1; t < tokens.length; t++) {
      out[t - 1] = logits[t - 1][tokens[t]] - logSumExp(logits[t - 1]);
    }
    return out;
  }

  static double logSumExp(double[] x) {
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

  private void each(String point, int layer, double[][] x) {
    for (int t = 0; t < x.length; t++) {
      hook.at(point, layer, t, -1, x[t]);
    }
  }

  private void block(int l, double[][] x) {
    int n = x.length;
    String at = gpt2 ? "transformer.h." + l + "." : "model.layers." + l + ".";
    each("resid_pre", l, x);
    double[][] attention = attention(l, at, x);
    each("attn_out", l, attention);
    for (int t = 0; t < n; t++) {
      add(x[t], attention[t]);
    }
    each("resid_mid", l, x);
    for (int t = 0; t < n; t++) {
      double[] in = norm(at + (gpt2 ? "ln_2" : "post_attention_layernorm"), x[t]);
      double[] post;
      if (gpt2) {
        post = linear(at + "mlp.c_fc", in, inner);
        for (int i = 0; i < inner; i++) {
          double v = post[i];
          post[i] = 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
        }
      } else {
        post = linear(at + "mlp.gate_proj", in, inner);
        double[] up = linear(at + "mlp.up_proj", in, inner);
        for (int i = 0; i < inner; i++) {
          post[i] = post[i] / (1 + Math.exp(-post[i])) * up[i];
        }
      }
      hook.at("mlp_post", l, t, -1, post);
      double[] out = linear(at + (gpt2 ? "mlp.c_proj" : "mlp.down_proj"), post, hidden);
      hook.at("mlp_out", l, t, -1, out);
      add(x[t], out);
    }
    each("resid_post", l, x);
  }

  private double[][] attention(int l, String at, double[][] x) {
    int n = x.length;
    double[][][] q = new double[heads][n][];
    double[][][] k = new double[kvHeads][n][];
    double[][][] v = new double[kvHeads][n][];
    for (int t = 0; t < n; t++) {
      double[] in = norm(at + (gpt2 ? "ln_1" : "input_layernorm"), x[t]);
      double[] fused = gpt2 ? linear(at + "attn.c_attn", in, 3 * hidden) : new double[0];
      double[] fq = gpt2 ? fused : linear(at + "self_attn.q_proj", in, heads * headDim);
      double[] fk = gpt2 ? fused : linear(at + "self_attn.k_proj", in, kvHeads * headDim);
      double[] fv = gpt2 ? fused : linear(at + "self_attn.v_proj", in, kvHeads * headDim);
      for (int h = 0; h < heads; h++) {
        q[h][t] = slice(fq, h * headDim);
        hook.at("q", l, t, h, q[h][t]);
        rotate(q[h][t], t);
      }
      for (int h = 0; h < kvHeads; h++) {
        k[h][t] = slice(fk, (gpt2 ? hidden : 0) + h * headDim);
        v[h][t] = slice(fv, (gpt2 ? 2 * hidden : 0) + h * headDim);
        hook.at("k", l, t, h, k[h][t]);
        hook.at("v", l, t, h, v[h][t]);
        rotate(k[h][t], t);
      }
    }
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] joined = new double[heads * headDim];
      for (int h = 0; h < heads; h++) {
        int g = h / (heads / kvHeads);
        double[] s = new double[t + 1];
        for (int j = 0; j <= t; j++) {
          for (int d = 0; d < headDim; d++) {
            s[j] += q[h][t][d] * k[g][j][d] / Math.sqrt(headDim);
          }
        }
        hook.at("scores", l, t, h, s);
        double lse = logSumExp(s);
        for (int j = 0; j <= t; j++) {
          s[j] = Math.exp(s[j] - lse);
        }
        hook.at("pattern", l, t, h, s);
        double[] z = new double[headDim];
        for (int j = 0; j <= t; j++) {
          for (int d = 0; d < headDim; d++) {
            z[d] += s[j] * v[g][j][d];
          }
        }
        hook.at("z", l, t, h, z);
        System.arraycopy(z, 0, joined, h * headDim, headDim);
      }
      out[t] = linear(at + (gpt2 ? "attn.c_proj" : "self_attn.o_proj"), joined, hidden);
    }
    return out;
  }

  private void rotate(double[] x, int position) {
    if (gpt2) {
      return;
    }
    int half = headDim / 2;
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(10_000, -2.0 * i / headDim);
      double a = x[i];
      double b = x[i + half];
      x[i] = a * Math.cos(angle) - b * Math.sin(angle);
      x[i + half] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }

  private double[] norm(String name, double[] x) {
    double mean = 0;
    if (gpt2) {
      for (double v : x) {
        mean += v / x.length;
      }
    }
    double square = 0;
    for (double v : x) {
      square += (v - mean) * (v - mean) / x.length;
    }
    double[] gain = w(name + ".weight");
    double @Nullable [] bias = weights.get(name + ".bias");
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] =
          (x[i] - mean) / Math.sqrt(square + (gpt2 ? 1e-5 : 1e-6)) * gain[i]
              + (bias == null ? 0 : bias[i]);
    }
    return out;
  }

  private double[] linear(String name, double[] x, int out) {
    double[] weight = w(name + ".weight");
    double[] y = new double[out];
    if (gpt2) {
      for (int i = 0; i < x.length; i++) {
        for (int o = 0; o < out; o++) {
          y[o] += x[i] * weight[i * out + o];
        }
      }
    } else {
      y = outIn(weight, x, out);
    }
    double @Nullable [] bias = weights.get(name + ".bias");
    if (bias != null) {
      add(y, bias);
    }
    return y;
  }

  private static double[] outIn(double[] weight, double[] x, int out) {
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += weight[o * x.length + i] * x[i];
      }
    }
    return y;
  }

  private double[] slice(double[] x, int from) {
    double[] out = new double[headDim];
    System.arraycopy(x, from, out, 0, headDim);
    return out;
  }

  private static double[] row(double[] table, int index, int width) {
    double[] out = new double[width];
    System.arraycopy(table, index * width, out, 0, width);
    return out;
  }

  private static void add(double[] target, double[] x) {
    for (int i = 0; i < x.length; i++) {
      target[i] += x[i];
    }
  }
}
