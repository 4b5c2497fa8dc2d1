package org.alignment4j.interp;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.alignment4j.runtime.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * A GPT-2 in loops over doubles, whose parts read sums of what single parts wrote: the input,
 * heads, and MLPs, in the order of the forward pass. Every read of a part may take a share of
 * another run's activation of any part before it.
 */
public final class NaiveGpt2 {

  /** What runs give. */
  public record Run(double[][][] sources, double[][] logits) {}

  /** A change of a head's query, key or value vectors. */
  public interface Addition {
    /** What is added to a vector; port 0 is the query, 1 the key, 2 the value. */
    double @Nullable [] at(int layer, int port, int head, int position);
  }

  public final int layers;
  public final int heads;
  public final int width;
  private final int headWidth;
  private final DecoderModel model;

  public NaiveGpt2(DecoderModel model) {
    this.model = model;
    this.layers = model.architecture().config().layers();
    this.heads = model.architecture().config().heads();
    this.width = model.architecture().config().hiddenSize();
    this.headWidth = width / heads;
  }

  public int sources() {
    return 1 + layers * (heads + 1);
  }

  public int ports() {
    return layers * (3 * heads + 1) + 1;
  }

  public Run run(int... tokens) {
    return run(tokens, null, null, (l, p, h, t) -> null);
  }

  /**
   * Runs.
   *
   * @param other another run's {@code [source, position, dModel]}
   * @param share by reading port and source: how much of the other run's activation is read
   */
  public Run run(
      int[] tokens, double @Nullable [][][] other, double @Nullable [][] share, Addition addition) {
    int n = tokens.length;
    double[][][] written = new double[sources()][n][width];
    double[][] wte = matrix("wte.weight", width);
    double[][] wpe = matrix("wpe.weight", width);
    double[][] stream = new double[n][width];
    for (int t = 0; t < n; t++) {
      for (int i = 0; i < width; i++) {
        written[0][t][i] = wte[tokens[t]][i] + wpe[t][i];
        stream[t][i] = written[0][t][i];
      }
    }
    int known = 1;
    int port = 0;
    for (int l = 0; l < layers; l++) {
      String h = "h." + l + ".";
      double[][] qkv = matrix(h + "attn.c_attn.weight", 3 * width);
      double[] qkvBias = vector(h + "attn.c_attn.bias");
      double[][] out = matrix(h + "attn.c_proj.weight", width);
      double[] outBias = vector(h + "attn.c_proj.bias");
      double[][][][] vectors = new double[3][heads][n][headWidth];
      for (int p = 0; p < 3; p++) {
        for (int head = 0; head < heads; head++, port++) {
          double[][] in = read(stream, written, known, port, other, share);
          for (int t = 0; t < n; t++) {
            double[] x = norm(in[t], h + "ln_1");
            double[] more = addition.at(l, p, head, t);
            for (int e = 0; e < headWidth; e++) {
              int column = p * width + head * headWidth + e;
              double sum = qkvBias[column] + (more == null ? 0 : more[e]);
              for (int i = 0; i < width; i++) {
                sum += x[i] * qkv[i][column];
              }
              vectors[p][head][t][e] = sum;
            }
          }
        }
      }
      for (int head = 0; head < heads; head++) {
        for (int t = 0; t < n; t++) {
          double[] z = attended(vectors, head, t);
          for (int i = 0; i < width; i++) {
            for (int e = 0; e < headWidth; e++) {
              written[known + head][t][i] += z[e] * out[head * headWidth + e][i];
            }
          }
        }
      }
      for (int t = 0; t < n; t++) {
        for (int i = 0; i < width; i++) {
          stream[t][i] += outBias[i];
          for (int head = 0; head < heads; head++) {
            stream[t][i] += written[known + head][t][i];
          }
        }
      }
      known += heads;
      double[][] in = read(stream, written, known, port++, other, share);
      for (int t = 0; t < n; t++) {
        written[known][t] = mlp(norm(in[t], h + "ln_2"), h + "mlp.");
        for (int i = 0; i < width; i++) {
          stream[t][i] += written[known][t][i];
        }
      }
      known++;
    }
    double[][] last = read(stream, written, known, port, other, share);
    double[][] logits = new double[n][wte.length];
    for (int t = 0; t < n; t++) {
      double[] x = norm(last[t], "ln_f");
      for (int v = 0; v < wte.length; v++) {
        for (int i = 0; i < width; i++) {
          logits[t][v] += x[i] * wte[v][i];
        }
      }
    }
    return new Run(written, logits);
  }

  private double[][] read(
      double[][] stream,
      double[][][] written,
      int known,
      int port,
      double @Nullable [][][] other,
      double @Nullable [][] share) {
    double[][] in = Arrays.stream(stream).map(double[]::clone).toArray(double[][]::new);
    for (int s = 0; other != null && share != null && s < known; s++) {
      for (int t = 0; t < in.length; t++) {
        for (int i = 0; i < width; i++) {
          in[t][i] += share[port][s] * (other[s][t][i] - written[s][t][i]);
        }
      }
    }
    return in;
  }

  private double[] attended(double[][][][] vectors, int head, int t) {
    double[] weights = new double[t + 1];
    double total = 0;
    for (int k = 0; k <= t; k++) {
      double score = 0;
      for (int e = 0; e < headWidth; e++) {
        score += vectors[0][head][t][e] * vectors[1][head][k][e];
      }
      weights[k] = Math.exp(score / Math.sqrt(headWidth));
      total += weights[k];
    }
    double[] z = new double[headWidth];
    for (int k = 0; k <= t; k++) {
      for (int e = 0; e < headWidth; e++) {
        z[e] += weights[k] / total * vectors[2][head][k][e];
      }
    }
    return z;
  }

  /** The projection of a vector by a head's query, key or value weights, without bias. */
  public double[] project(int layer, int port, int head, double[] x) {
    double[][] qkv = matrix("h." + layer + ".attn.c_attn.weight", 3 * width);
    double[] y = new double[headWidth];
    for (int e = 0; e < headWidth; e++) {
      for (int i = 0; i < width; i++) {
        y[e] += x[i] * qkv[i][port * width + head * headWidth + e];
      }
    }
    return y;
  }

  private double[] mlp(double[] x, String prefix) {
    double[] inBias = vector(prefix + "c_fc.bias");
    double[][] in = matrix(prefix + "c_fc.weight", inBias.length);
    double[][] out = matrix(prefix + "c_proj.weight", width);
    double[] y = vector(prefix + "c_proj.bias");
    for (int m = 0; m < inBias.length; m++) {
      double pre = inBias[m];
      for (int i = 0; i < width; i++) {
        pre += x[i] * in[i][m];
      }
      double inner = Math.sqrt(2 / Math.PI) * (pre + 0.044715 * pre * pre * pre);
      double post = 0.5 * pre * (1 + Math.tanh(inner));
      for (int i = 0; i < width; i++) {
        y[i] += post * out[m][i];
      }
    }
    return y;
  }

  /** A layer norm. */
  public double[] norm(double[] x, String name) {
    double[] centred = centred(x);
    double scale = scale(centred);
    double[] weight = vector(name + ".weight");
    double[] bias = vector(name + ".bias");
    double[] y = new double[width];
    for (int i = 0; i < width; i++) {
      y[i] = centred[i] / scale * weight[i] + bias[i];
    }
    return y;
  }

  /** A vector without its mean. */
  public static double[] centred(double[] x) {
    double mean = Arrays.stream(x).average().orElseThrow();
    return Arrays.stream(x).map(v -> v - mean).toArray();
  }

  /** What a layer norm divides a centred vector by. */
  public static double scale(double[] centred) {
    return Math.sqrt(Arrays.stream(centred).map(v -> v * v).average().orElseThrow() + 1e-5);
  }

  /** A parameter vector. */
  public double[] vector(String suffix) {
    String name =
        model.weights().names().stream().filter(n -> n.endsWith(suffix)).findFirst().orElseThrow();
    FloatBuffer data = model.weights().get(name).data().duplicate();
    double[] values = new double[data.remaining()];
    Arrays.setAll(values, i -> data.get(data.position() + i));
    return values;
  }

  private double[][] matrix(String suffix, int columns) {
    double[] all = vector(suffix);
    double[][] rows = new double[all.length / columns][];
    Arrays.setAll(rows, r -> Arrays.copyOfRange(all, r * columns, (r + 1) * columns));
    return rows;
  }
}
