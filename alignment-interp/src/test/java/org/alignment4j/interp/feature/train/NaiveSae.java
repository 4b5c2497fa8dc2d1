package org.alignment4j.interp.feature.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Losses of all variants in double, as the papers write them. What gradients must not reach is read
 * from a second set of parameters, so that central differences of the first give the gradient.
 */
final class NaiveSae {
  private final SaeDesign design;
  private final double[] inputs;
  private final double[] targets;
  private final int rows;
  private final double warmth;
  private final boolean[] dead;

  NaiveSae(
      SaeDesign design,
      double[] inputs,
      double[] targets,
      int rows,
      double warmth,
      boolean[] dead) {
    this.design = design;
    this.inputs = inputs;
    this.targets = targets;
    this.rows = rows;
    this.warmth = warmth;
    this.dead = dead;
  }

  double loss(Map<String, double[]> p, Map<String, double[]> frozen) {
    return terms(p, frozen).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  Map<String, Double> terms(Map<String, double[]> p, Map<String, double[]> frozen) {
    SaeVariant variant = design.variant();
    Map<String, Double> terms = new HashMap<>();
    double[][] product = product(p);
    double[][] f;
    if (variant instanceof SaeVariant.Standard standard) {
      f = map(product, (n, j) -> Math.max(product[n][j] + p.get("b_enc")[j], 0));
      double penalty = 0;
      for (double[] row : f) {
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
          sum += Math.pow(row[j] * norm(p, j), standard.p());
        }
        penalty += Math.pow(sum, 1 / standard.p());
      }
      terms.put("sparsity", warmth * standard.l1() * penalty / rows);
    } else if (variant instanceof SaeVariant.Gated gated) {
      double[][] gate = map(product, (n, j) -> product[n][j] + p.get("b_gate")[j]);
      // The step has no gradient: whether the gate is open is read from the frozen parameters.
      double[][] open = product(frozen);
      f =
          map(
              product,
              (n, j) ->
                  open[n][j] + frozen.get("b_gate")[j] > 0
                      ? Math.max(product[n][j] * Math.exp(p.get("r_mag")[j]) + p.get("b_mag")[j], 0)
                      : 0);
      double penalty = 0;
      for (double[] row : gate) {
        for (int j = 0; j < row.length; j++) {
          penalty += Math.max(row[j], 0) * norm(p, j);
        }
      }
      terms.put("sparsity", warmth * gated.l1() * penalty / rows);
      double[][] positive = map(gate, (n, j) -> Math.max(gate[n][j], 0));
      terms.put("auxiliary", squares(decode(positive, frozen, design.width(), true)) / rows);
    } else if (variant instanceof SaeVariant.JumpRelu jump) {
      double[][] z = map(product, (n, j) -> product[n][j] + p.get("b_enc")[j]);
      double[] theta = Arrays.stream(frozen.get("log_threshold")).map(Math::exp).toArray();
      double[][] was = product(frozen);
      f = map(product, (n, j) -> was[n][j] + frozen.get("b_enc")[j] > theta[j] ? z[n][j] : 0);
      double penalty = 0;
      double revival = 0;
      for (int n = 0; n < rows; n++) {
        for (int j = 0; j < theta.length; j++) {
          penalty +=
              jump.sparsity() instanceof SaeVariant.Tanh tanh
                  ? Math.tanh(tanh.scale() * f[n][j] * norm(p, j))
                  : f[n][j] > 0 ? 1 : 0;
          revival +=
              dead[j] ? Math.max(Math.exp(p.get("log_threshold")[j]) - z[n][j], 0) * norm(p, j) : 0;
        }
      }
      terms.put("sparsity", warmth * jump.l0() * penalty / rows);
      if (jump.preActivation() > 0) {
        terms.put("pre_activation", jump.preActivation() * revival / rows);
      }
    } else {
      return sparse(p, frozen, product);
    }
    terms.put("mse", squares(decode(f, p, design.width(), true)) / rows);
    return terms;
  }

  /** The estimated gradient by {@code log θ}, row by row from its definition. */
  double[] thresholdGradient(Map<String, double[]> p) {
    SaeVariant.JumpRelu jump = (SaeVariant.JumpRelu) design.variant();
    double[][] product = product(p);
    double[] theta = Arrays.stream(p.get("log_threshold")).map(Math::exp).toArray();
    double[][] f =
        map(
            product,
            (n, j) ->
                product[n][j] + p.get("b_enc")[j] > theta[j]
                    ? product[n][j] + p.get("b_enc")[j]
                    : 0);
    double[][] errors = decode(f, p, design.width(), true);
    double[] gradient = new double[theta.length];
    for (int n = 0; n < rows; n++) {
      for (int j = 0; j < theta.length; j++) {
        double z = product[n][j] + p.get("b_enc")[j];
        double byFeature = 0;
        for (int i = 0; i < design.outputSize(); i++) {
          byFeature += 2 * errors[n][i] * p.get("W_dec")[j * design.outputSize() + i] / rows;
        }
        double rectangle = Math.abs((z - theta[j]) / jump.bandwidth()) < 0.5 ? 1 : 0;
        double c = warmth * jump.l0() / rows;
        double byStep = 0;
        if (jump.sparsity() instanceof SaeVariant.Tanh tanh) {
          double t = Math.tanh(tanh.scale() * f[n][j] * norm(p, j));
          byFeature += c * tanh.scale() * norm(p, j) * (1 - t * t);
        } else {
          byStep = -c / jump.bandwidth() * rectangle;
        }
        double byTheta = -theta[j] / jump.bandwidth() * rectangle * byFeature + byStep;
        if (dead[j] && z < theta[j]) {
          byTheta += jump.preActivation() / rows * norm(p, j);
        }
        gradient[j] += theta[j] * byTheta;
      }
    }
    return gradient;
  }

  private Map<String, Double> sparse(
      Map<String, double[]> p, Map<String, double[]> frozen, double[][] product) {
    SaeVariant variant = design.variant();
    SaeVariant.BatchTopK batch =
        variant instanceof SaeVariant.Matryoshka nested
            ? nested.selection()
            : variant instanceof SaeVariant.BatchTopK own ? own : null;
    SaeVariant.TopK single = variant instanceof SaeVariant.TopK own ? own : null;
    boolean rescaled =
        batch == null ? single.rescaledByDecoderNorm() : batch.rescaledByDecoderNorm();
    double auxiliary = batch == null ? single.auxiliary() : batch.auxiliary();
    double[][] z = map(product, (n, j) -> product[n][j] + p.get("b_enc")[j]);
    double[][] was = product(frozen);
    double[][] compared =
        map(was, (n, j) -> (was[n][j] + frozen.get("b_enc")[j]) * (rescaled ? norm(frozen, j) : 1));
    boolean[][] kept =
        batch == null
            ? keptOfRows(compared, single.k(), null)
            : keptOfAll(compared, (int) (batch.k() * rows));
    double[][] f = map(z, (n, j) -> kept[n][j] ? z[n][j] : 0);
    Map<String, Double> terms = new HashMap<>();
    List<Integer> widths =
        variant instanceof SaeVariant.Matryoshka nested ? nested.widths() : List.of(design.width());
    for (int width : widths) {
      String name = width == design.width() ? "mse" : "mse_" + width;
      terms.put(name, squares(decode(f, p, width, true)) / rows);
    }
    int deadCount = (int) IntStream.range(0, dead.length).filter(j -> dead[j]).count();
    if (auxiliary > 0) {
      int usual = Math.max(1, design.inputSize() / 2);
      double weight = auxiliary * Math.min((double) deadCount / usual, 1);
      boolean[][] chosen = keptOfRows(compared, Math.min(usual, deadCount), dead);
      double[][] frozenZ = map(was, (n, j) -> was[n][j] + frozen.get("b_enc")[j]);
      double[][] frozenF = map(frozenZ, (n, j) -> kept[n][j] ? frozenZ[n][j] : 0);
      double[][] residual = decode(frozenF, frozen, design.width(), true);
      double[][] own = map(z, (n, j) -> chosen[n][j] ? z[n][j] : 0);
      double sum = 0;
      for (int n = 0; n < rows; n++) {
        for (int i = 0; i < design.outputSize(); i++) {
          double made = 0;
          for (int j = 0; j < design.width(); j++) {
            made += own[n][j] * p.get("W_dec")[j * design.outputSize() + i];
          }
          sum += Math.pow(made + residual[n][i], 2);
        }
      }
      terms.put("auxiliary", weight * sum / rows);
    }
    return terms;
  }

  private boolean[][] keptOfRows(double[][] compared, int k, boolean[] only) {
    boolean[][] kept = new boolean[rows][design.width()];
    for (int n = 0; n < rows; n++) {
      int row = n;
      IntStream.range(0, design.width())
          .boxed()
          .filter(j -> only == null ? compared[row][j] > 0 : only[j])
          .sorted(Comparator.comparingDouble((Integer j) -> -compared[row][j]))
          .limit(k)
          .forEach(j -> kept[row][j] = true);
    }
    return kept;
  }

  private boolean[][] keptOfAll(double[][] compared, int count) {
    boolean[][] kept = new boolean[rows][design.width()];
    int width = design.width();
    IntStream.range(0, rows * width)
        .boxed()
        .filter(i -> compared[i / width][i % width] > 0)
        .sorted(Comparator.comparingDouble((Integer i) -> -compared[i / width][i % width]))
        .limit(count)
        .forEach(i -> kept[i / width][i % width] = true);
    return kept;
  }

  private interface Entry {
    double at(int n, int j);
  }

  private double[][] map(double[][] like, Entry entry) {
    double[][] result = new double[like.length][like[0].length];
    for (int n = 0; n < result.length; n++) {
      for (int j = 0; j < result[n].length; j++) {
        result[n][j] = entry.at(n, j);
      }
    }
    return result;
  }

  private double norm(Map<String, double[]> p, int j) {
    double squares = 0;
    for (int i = 0; i < design.outputSize(); i++) {
      squares += Math.pow(p.get("W_dec")[j * design.outputSize() + i], 2);
    }
    return Math.sqrt(squares);
  }

  private double[][] product(Map<String, double[]> p) {
    int d = design.inputSize();
    double[][] product = new double[rows][design.width()];
    for (int n = 0; n < rows; n++) {
      for (int j = 0; j < design.width(); j++) {
        for (int i = 0; i < d; i++) {
          double centred = inputs[n * d + i] - (design.transcodes() ? 0 : p.get("b_dec")[i]);
          product[n][j] += centred * p.get("W_enc")[i * design.width() + j];
        }
      }
    }
    return product;
  }

  /** What is decoded from the first features, less the target. */
  private double[][] decode(double[][] f, Map<String, double[]> p, int width, boolean bias) {
    int out = design.outputSize();
    double[][] errors = new double[rows][out];
    for (int n = 0; n < rows; n++) {
      for (int i = 0; i < out; i++) {
        double sum = bias ? p.get("b_dec")[i] : 0;
        for (int j = 0; j < width; j++) {
          sum += f[n][j] * p.get("W_dec")[j * out + i];
        }
        if (design.skip()) {
          for (int k = 0; k < design.inputSize(); k++) {
            sum += inputs[n * design.inputSize() + k] * p.get("W_skip")[i * design.inputSize() + k];
          }
        }
        errors[n][i] = sum - targets[n * out + i];
      }
    }
    return errors;
  }

  private static double squares(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(v -> v * v).sum();
  }
}
