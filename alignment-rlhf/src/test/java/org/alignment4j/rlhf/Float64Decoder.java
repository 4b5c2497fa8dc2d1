package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2 and Llama as their papers write them, one vector at a time in float64, over weights that
 * can be changed.
 */
final class Float64Decoder {

  private final boolean gpt2;
  private final int vocab;
  private final int hidden;
  private final int layers;
  private final int headDim;
  private final int kvHeads;
  private final Map<String, double[]> weights = new LinkedHashMap<>();

  /** The model of {@link TestModels#config}. */
  Float64Decoder(String family, int vocab, int hidden, int layers, Weights weights) {
    this.gpt2 = family.equals("gpt2");
    this.vocab = vocab;
    this.hidden = hidden;
    this.layers = layers;
    this.headDim = hidden / 2;
    this.kvHeads = gpt2 ? 2 : 1;
    for (WeightTensor tensor : weights.tensors()) {
      double[] values = new double[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.data().get(i);
      }
      this.weights.put(tensor.name(), values);
    }
  }

  /** Parameters by name; changing an array changes the model. */
  Map<String, double[]> weights() {
    return weights;
  }

  private double[] weight(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /** Log-probability of an answer, summed over its tokens. */
  double logProb(TokenIds prompt, TokenIds answer) {
    int[] tokens = prompt.concat(answer).toArray();
    double[][] logits = logits(tokens);
    double sum = 0;
    for (int t = prompt.size(); t < tokens.length; t++) {
      sum += logits[t - 1][tokens[t]] - logSumExp(logits[t - 1]);
    }
    return sum;
  }

  /**
   * Cross-entropy of an answer against labels that are right with {@code 1 − smoothing} and uniform
   * otherwise, summed over its tokens.
   */
  double smoothedCrossEntropy(TokenIds prompt, TokenIds answer, double smoothing) {
    int[] tokens = prompt.concat(answer).toArray();
    double[][] logits = logits(tokens);
    double sum = 0;
    for (int t = prompt.size(); t < tokens.length; t++) {
      for (int k = 0; k < vocab; k++) {
        double target = smoothing / vocab + (k == tokens[t] ? 1 - smoothing : 0);
        sum -= target * (logits[t - 1][k] - logSumExp(logits[t - 1]));
      }
    }
    return sum;
  }

  /** Log-probability of each token of an answer. */
  double[] logProbs(TokenIds prompt, TokenIds answer) {
    int[] tokens = prompt.concat(answer).toArray();
    double[][] logits = logits(tokens);
    double[] out = new double[answer.size()];
    for (int t = 0; t < out.length; t++) {
      double[] at = logits[prompt.size() + t - 1];
      out[t] = at[answer.get(t)] - logSumExp(at);
    }
    return out;
  }

  /** What a head of one number gives before each token of an answer, and behind the last. */
  double[] scores(TokenIds prompt, TokenIds answer, String head) {
    double[][] states = states(prompt.concat(answer).toArray());
    double[] out = new double[answer.size() + 1];
    for (int t = 0; t < out.length; t++) {
      out[t] = product(weight(head), states[prompt.size() + t - 1], 1)[0];
    }
    return out;
  }

  double[][] logits(int[] tokens) {
    double[][] states = states(tokens);
    String table = gpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight";
    String head = weights.containsKey("lm_head.weight") ? "lm_head.weight" : table;
    double[][] logits = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      logits[t] = product(weight(head), states[t], vocab);
    }
    return logits;
  }

  /** The normalised residual stream. */
  private double[][] states(int[] tokens) {
    double[][] x = new double[tokens.length][];
    String table = gpt2 ? "transformer.wte.weight" : "model.embed_tokens.weight";
    for (int t = 0; t < tokens.length; t++) {
      x[t] = row(weight(table), tokens[t]);
      if (gpt2) {
        add(x[t], row(weight("transformer.wpe.weight"), t));
      }
    }
    for (int layer = 0; layer < layers; layer++) {
      block(layer, x);
    }
    for (int t = 0; t < tokens.length; t++) {
      x[t] = norm(gpt2 ? "transformer.ln_f" : "model.norm", x[t]);
    }
    return x;
  }

  private void block(int layer, double[][] x) {
    String at = gpt2 ? "transformer.h." + layer + "." : "model.layers." + layer + ".";
    double[][] attention = attention(at, x);
    for (int t = 0; t < x.length; t++) {
      add(x[t], attention[t]);
      double[] in = norm(at + (gpt2 ? "ln_2" : "post_attention_layernorm"), x[t]);
      add(x[t], gpt2 ? geluLayer(at, in) : swigluLayer(at, in));
    }
  }

  private double[] geluLayer(String at, double[] in) {
    double[] inner = linear(at + "mlp.c_fc", in, 4 * hidden);
    for (int i = 0; i < inner.length; i++) {
      double v = inner[i];
      inner[i] = 0.5 * v * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v)));
    }
    return linear(at + "mlp.c_proj", inner, hidden);
  }

  private double[] swigluLayer(String at, double[] in) {
    double[] gate = linear(at + "mlp.gate_proj", in, hidden + 8);
    double[] up = linear(at + "mlp.up_proj", in, hidden + 8);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
    }
    return linear(at + "mlp.down_proj", gate, hidden);
  }

  private double[][] attention(String at, double[][] x) {
    int n = x.length;
    double[][][] q = new double[2][n][];
    double[][][] k = new double[kvHeads][n][];
    double[][][] v = new double[kvHeads][n][];
    for (int t = 0; t < n; t++) {
      double[] in = norm(at + (gpt2 ? "ln_1" : "input_layernorm"), x[t]);
      double[] fused = gpt2 ? linear(at + "attn.c_attn", in, 3 * hidden) : in;
      double[] queries = gpt2 ? fused : linear(at + "self_attn.q_proj", in, hidden);
      double[] keys = gpt2 ? fused : linear(at + "self_attn.k_proj", in, headDim);
      double[] values = gpt2 ? fused : linear(at + "self_attn.v_proj", in, headDim);
      for (int h = 0; h < 2; h++) {
        q[h][t] = rotated(head(queries, h * headDim), t);
      }
      for (int h = 0; h < kvHeads; h++) {
        k[h][t] = rotated(head(keys, (gpt2 ? hidden : 0) + h * headDim), t);
        v[h][t] = head(values, (gpt2 ? 2 * hidden : 0) + h * headDim);
      }
    }
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] joined = new double[hidden];
      for (int h = 0; h < 2; h++) {
        attend(q[h][t], k[h % kvHeads], v[h % kvHeads], t, joined, h * headDim);
      }
      out[t] = linear(at + (gpt2 ? "attn.c_proj" : "self_attn.o_proj"), joined, hidden);
    }
    return out;
  }

  private void attend(double[] q, double[][] k, double[][] v, int last, double[] out, int from) {
    double[] scores = new double[last + 1];
    for (int j = 0; j <= last; j++) {
      for (int d = 0; d < headDim; d++) {
        scores[j] += q[d] * k[j][d] / Math.sqrt(headDim);
      }
    }
    double total = logSumExp(scores);
    for (int j = 0; j <= last; j++) {
      for (int d = 0; d < headDim; d++) {
        out[from + d] += Math.exp(scores[j] - total) * v[j][d];
      }
    }
  }

  private double[] rotated(double[] x, int position) {
    if (gpt2) {
      return x;
    }
    int half = headDim / 2;
    for (int i = 0; i < half; i++) {
      double angle = position * Math.pow(10_000, -2.0 * i / headDim);
      double a = x[i];
      double b = x[i + half];
      x[i] = a * Math.cos(angle) - b * Math.sin(angle);
      x[i + half] = b * Math.cos(angle) + a * Math.sin(angle);
    }
    return x;
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
    double[] gain = weight(name + ".weight");
    double @Nullable [] bias = weights.get(name + ".bias");
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      out[i] = (x[i] - mean) / Math.sqrt(square + (gpt2 ? 1e-5 : 1e-6)) * gain[i];
      out[i] += bias == null ? 0 : bias[i];
    }
    return out;
  }

  /** GPT-2 keeps its matrices transposed. */
  private double[] linear(String name, double[] x, int out) {
    double[] matrix = weight(name + ".weight");
    double[] y = new double[out];
    for (int i = 0; i < x.length; i++) {
      for (int o = 0; o < out; o++) {
        y[o] += x[i] * matrix[gpt2 ? i * out + o : o * x.length + i];
      }
    }
    double @Nullable [] bias = weights.get(name + ".bias");
    if (bias != null) {
      add(y, bias);
    }
    return y;
  }

  private static double[] product(double[] matrix, double[] x, int out) {
    double[] y = new double[out];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < x.length; i++) {
        y[o] += matrix[o * x.length + i] * x[i];
      }
    }
    return y;
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

  private double[] head(double[] x, int from) {
    double[] out = new double[headDim];
    System.arraycopy(x, from, out, 0, headDim);
    return out;
  }

  private double[] row(double[] table, int index) {
    double[] out = new double[hidden];
    System.arraycopy(table, index * hidden, out, 0, hidden);
    return out;
  }

  private static void add(double[] target, double[] x) {
    for (int i = 0; i < target.length; i++) {
      target[i] += x[i];
    }
  }
}
