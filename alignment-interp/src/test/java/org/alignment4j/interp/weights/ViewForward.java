package org.alignment4j.interp.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.Variations.NormPlacement;
import org.hipparchus.special.Erf;

/**
 * A decoder in float64 with one loop per sum over a view of its weights; it keeps what hook points
 * would show of one sequence, in their layout.
 */
public final class ViewForward {

  /** What hook points show, by name. */
  public final Map<String, double[]> hooks = new LinkedHashMap<>();

  private final TransformerWeights weights;
  private final DecoderConfig config;
  private final NormPlacement placement;

  /** The decoder of a view. */
  public ViewForward(TransformerWeights weights) {
    this.weights = weights;
    this.config = weights.config();
    this.placement = config.variations().normPlacement();
  }

  /** Log-probabilities {@code [position, V]}. */
  public double[][] logProbs(int[] tokens) {
    double[][] out = logits(tokens);
    for (double[] row : out) {
      double max = Arrays.stream(row).max().orElseThrow();
      double sum = Arrays.stream(row).map(x -> Math.exp(x - max)).sum();
      for (int i = 0; i < row.length; i++) {
        row[i] -= max + Math.log(sum);
      }
    }
    return out;
  }

  /** Logits {@code [position, V]}. */
  public double[][] logits(int[] tokens) {
    int n = tokens.length;
    double[][] x = new double[n][];
    double[][] positions = new double[n][];
    for (int t = 0; t < n; t++) {
      x[t] = weights.embedding().rowValues(tokens[t]);
    }
    keep("hook_embed", x);
    if (weights.positions() != null) {
      for (int t = 0; t < n; t++) {
        positions[t] = weights.positions().rowValues(t);
        x[t] = sum(x[t], positions[t]);
      }
      keep("hook_pos_embed", positions);
    }
    for (int layer = 0; layer < weights.layers().size(); layer++) {
      keep("blocks." + layer + ".hook_resid_pre", x);
      x = block(layer, x);
      keep("blocks." + layer + ".hook_resid_post", x);
    }
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      out[t] = map(weights.unembedding(), norm(weights.lnFinal(), x[t]));
    }
    double cap = config.variations().logitCap();
    if (cap == 0) {
      keep("unembed.hook_out", out);
    } else {
      for (double[] row : out) {
        Arrays.setAll(row, i -> cap * Math.tanh(row[i] / cap));
      }
    }
    return out;
  }

  private double[][] block(int layer, double[][] x) {
    int n = x.length;
    LayerWeights w = weights.layer(layer);
    boolean before = placement != NormPlacement.AFTER && placement != NormPlacement.AFTER_SUM;
    double[][] read = new double[n][];
    for (int t = 0; t < n; t++) {
      read[t] = before ? norm(w.ln1(), x[t]) : x[t];
    }
    double[][] attended = attention(layer, w, read);
    double[][] added = new double[n][];
    double[][] out = new double[n][];
    double[][] posts = new double[n][];
    for (int t = 0; t < n; t++) {
      double[] carried = placement == NormPlacement.BEFORE_RESIDUAL ? read[t] : x[t];
      double[] mid = sum(carried, attended[t]);
      if (placement == NormPlacement.AFTER_SUM) {
        mid = norm(w.ln1(), mid);
      }
      double[] stream = config.parallelResidual() ? x[t] : mid;
      double[] in = stream;
      if (placement == NormPlacement.SHARED) {
        in = norm(w.ln1(), stream);
      } else if (before) {
        in = norm(w.ln2(), stream);
      }
      if (!(w.mlp() instanceof MlpWeights.Experts)) {
        posts[t] = post(w.mlp(), in);
      }
      added[t] = norm(w.ln2Post(), mlp(w.mlp(), in));
      out[t] = sum(placement == NormPlacement.BEFORE_RESIDUAL ? in : mid, added[t]);
      if (placement == NormPlacement.AFTER_SUM) {
        out[t] = norm(w.ln2(), out[t]);
      }
    }
    if (posts[0] != null) {
      keep("blocks." + layer + ".mlp.hook_post", posts);
    }
    keep("blocks." + layer + ".hook_mlp_out", added);
    return out;
  }

  private double[][] attention(int layer, LayerWeights w, double[][] x) {
    AttentionWeights a = w.attention();
    int n = x.length;
    double[][][] q = heads(a.query(), x);
    double[][][] k = heads(a.key(), x);
    double[][][] v = heads(a.value(), x);
    String at = "blocks." + layer + ".attn.";
    keepHeads(at + "hook_q", q);
    keepHeads(at + "hook_k", k);
    keepHeads(at + "hook_v", v);
    for (int t = 0; t < n; t++) {
      q[t] = turned(normed(q[t], a.queryNorm()), t, n);
      k[t] = turned(normed(k[t], a.keyNorm()), t, n);
    }
    int e = v[0][0].length;
    double[][][] z = new double[n][a.heads()][e];
    double[][][] results = new double[n][a.heads()][];
    double[] patterns = new double[a.heads() * n * n];
    double[][] out = new double[n][];
    for (int t = 0; t < n; t++) {
      out[t] = a.outputBias().rowValues(0);
      for (int h = 0; h < a.heads(); h++) {
        int g = h / (a.heads() / a.keyValueHeads());
        double[] pattern = pattern(layer, h, q[t][h], k, g, t);
        for (int s = 0; s <= t; s++) {
          patterns[(h * n + t) * n + s] = pattern[s];
          for (int i = 0; i < e; i++) {
            z[t][h][i] += pattern[s] * v[s][g][i];
          }
        }
        results[t][h] = times(z[t][h], a.output().get(h));
        out[t] = sum(out[t], results[t][h]);
      }
      out[t] = norm(w.ln1Post(), out[t]);
    }
    hooks.put(at + "hook_pattern", patterns);
    keepHeads(at + "hook_z", z);
    keepHeads(at + "hook_result", results);
    keep("blocks." + layer + ".hook_attn_out", out);
    return out;
  }

  private double[] pattern(int layer, int head, double[] q, double[][][] k, int g, int t) {
    double scale = config.attentionScale() / (config.scaleByInverseLayer() ? layer + 1 : 1);
    int window = config.variations().window(layer);
    double cap = config.variations().scoreCap();
    double[] weights = new double[t + 1];
    double sum = 0;
    for (int s = 0; s <= t; s++) {
      double score = 0;
      for (int i = 0; i < q.length; i++) {
        score += scale * q[i] * k[s][g][i];
      }
      if (cap > 0) {
        score = cap * Math.tanh(score / cap);
      }
      if (config.positions() instanceof AlibiPositions) {
        score += AlibiPositions.slopes(config.heads())[head] * (s - t);
      }
      weights[s] = window > 0 && t - s >= window ? 0 : Math.exp(score);
      sum += weights[s];
    }
    for (int s = 0; s <= t; s++) {
      weights[s] /= sum;
    }
    return weights;
  }

  private double[][] normed(double[][] heads, Matrix gain) {
    if (gain == null) {
      return heads;
    }
    int e = heads[0].length;
    boolean together = gain.columns() != e;
    double[][] out = new double[heads.length][e];
    for (int h = 0; h < heads.length; h++) {
      double square = 0;
      int count = 0;
      for (double[] other : together ? heads : new double[][] {heads[h]}) {
        for (double value : other) {
          square += value * value;
          count++;
        }
      }
      for (int i = 0; i < e; i++) {
        double weight = gain.get(0, together ? h * e + i : i);
        out[h][i] = heads[h][i] / Math.sqrt(square / count + config.normEpsilon()) * weight;
      }
    }
    return out;
  }

  private double[][] turned(double[][] heads, int position, int length) {
    if (!(config.positions() instanceof RotaryPositions rotary)) {
      return heads;
    }
    double[] frequencies =
        rotary.scaling().at(length).frequencies(rotary.theta(), rotary.rotaryDim());
    int half = frequencies.length;
    double[][] out = new double[heads.length][];
    for (int h = 0; h < heads.length; h++) {
      out[h] = heads[h].clone();
      for (int i = 0; i < half; i++) {
        int a = rotary.interleaved() ? 2 * i : i;
        int b = rotary.interleaved() ? 2 * i + 1 : i + half;
        double c = rotary.scaling().magnitude() * Math.cos(position * frequencies[i]);
        double s = rotary.scaling().magnitude() * Math.sin(position * frequencies[i]);
        out[h][a] = heads[h][a] * c - heads[h][b] * s;
        out[h][b] = heads[h][b] * c + heads[h][a] * s;
      }
    }
    return out;
  }

  private double[] mlp(MlpWeights mlp, double[] x) {
    if (!(mlp instanceof MlpWeights.Experts experts)) {
      Affine out =
          mlp instanceof MlpWeights.Plain plain ? plain.out() : ((MlpWeights.Gated) mlp).out();
      return map(out, post(mlp, x));
    }
    double[] router = map(experts.router(), x);
    double[] sorted = router.clone();
    Arrays.sort(sorted);
    double least = sorted[sorted.length - config.variations().experts().perToken()];
    double total = 0;
    double[] y = new double[x.length];
    for (int i = 0; i < router.length; i++) {
      if (router[i] >= least) {
        total += Math.exp(router[i]);
        double[] out = mlp(experts.experts().get(i), x);
        for (int d = 0; d < y.length; d++) {
          y[d] += Math.exp(router[i]) * out[d];
        }
      }
    }
    for (int d = 0; d < y.length; d++) {
      y[d] /= total;
    }
    return y;
  }

  private double[] post(MlpWeights mlp, double[] x) {
    if (mlp instanceof MlpWeights.Plain plain) {
      return Arrays.stream(map(plain.in(), x)).map(this::activated).toArray();
    }
    MlpWeights.Gated gated = (MlpWeights.Gated) mlp;
    double[] gate = map(gated.gate(), x);
    double[] up = map(gated.in(), x);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = activated(gate[i]) * up[i];
    }
    return gate;
  }

  private double activated(double x) {
    return switch (config.activation()) {
      case GELU_TANH ->
          0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU_ERF -> 0.5 * x * (1 + Erf.erf(x / Math.sqrt(2)));
      case SILU -> x / (1 + Math.exp(-x));
      case RELU -> Math.max(x, 0);
    };
  }

  private static double[] norm(NormWeights norm, double[] x) {
    if (norm == null) {
      return x;
    }
    double mean = norm.kind() == Norm.LAYER_NORM ? Arrays.stream(x).average().orElseThrow() : 0;
    double square = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] out = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      double unit = (x[i] - mean) / Math.sqrt(square + norm.epsilon());
      out[i] = unit * norm.weight().get(0, i) + norm.bias().get(0, i);
    }
    return out;
  }

  private static double[][][] heads(List<Affine> maps, double[][] x) {
    double[][][] out = new double[x.length][maps.size()][];
    for (int t = 0; t < x.length; t++) {
      for (int h = 0; h < maps.size(); h++) {
        out[t][h] = map(maps.get(h), x[t]);
      }
    }
    return out;
  }

  private static double[] map(Affine affine, double[] x) {
    return sum(times(x, affine.weight()), affine.bias().rowValues(0));
  }

  private static double[] times(double[] x, Matrix w) {
    double[] y = new double[w.columns()];
    for (int j = 0; j < y.length; j++) {
      for (int i = 0; i < x.length; i++) {
        y[j] += x[i] * w.get(i, j);
      }
    }
    return y;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] out = new double[a.length];
    Arrays.setAll(out, i -> a[i] + b[i]);
    return out;
  }

  private void keep(String name, double[][] rows) {
    hooks.put(name, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  private void keepHeads(String name, double[][][] rows) {
    hooks.put(
        name,
        Arrays.stream(rows).flatMap(Arrays::stream).flatMapToDouble(Arrays::stream).toArray());
  }
}
