package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.train.FlatParameters;

/**
 * The loss of the variants whose features are all computed: five products of {@code N·d·F}
 * multiplications (two more each for forward and backward of an auxiliary reconstruction), and
 * between them one pass over the features forward and one backward.
 */
final class DenseLoss implements SaeLoss {
  private final LossFrame frame;
  private final FloatBuffer features;
  private final FloatBuffer slopes;
  private final FloatBuffer errors;
  private final FloatBuffer auxiliary;
  private final FloatBuffer auxiliaryErrors;

  DenseLoss(SaeDesign design, int rows, MatrixProducts products, RowChunks chunks) {
    this.frame = new LossFrame(design, rows, products, chunks);
    long size = (long) rows * design.width();
    boolean gated = design.variant() instanceof SaeVariant.Gated;
    this.features = NativeMemory.floats(size);
    this.slopes = NativeMemory.floats(size);
    this.errors = NativeMemory.floats((long) rows * design.outputSize());
    this.auxiliary = NativeMemory.floats(gated ? size : 0);
    this.auxiliaryErrors = NativeMemory.floats(gated ? (long) rows * design.outputSize() : 0);
  }

  @Override
  public Outcome evaluate(
      SaeBatch batch, Setting setting, FlatParameters parameters, FlatParameters gradients) {
    SaeDesign design = frame.design;
    int width = design.width();
    int out = design.outputSize();
    int n = batch.rows();
    float[] decoder = SaeParameters.array(parameters, SaeTensors.W_DEC);
    DenseRule rule = rule(setting, parameters, DecoderNorms.of(decoder, out), n);
    frame.begin(batch, parameters);
    forward(rule, n, width);
    FloatBuffer weights = parameters.slice(SaeTensors.W_DEC);
    multiply(MatrixProducts.Form.PLAIN, features, weights, errors, n, width, out);
    double[] rowErrors = new double[n];
    toSlopes(batch, errors, parameters, rowErrors);
    multiply(
        MatrixProducts.Form.FIRST_TRANSPOSED,
        features,
        errors,
        gradients.slice(SaeTensors.W_DEC),
        width,
        n,
        out);
    multiply(MatrixProducts.Form.SECOND_TRANSPOSED, errors, weights, slopes, n, out, width);
    Map<String, Double> terms = new LinkedHashMap<>();
    terms.put("mse", mean(rowErrors));
    if (rule.hasAuxiliary()) {
      multiply(MatrixProducts.Form.PLAIN, auxiliary, weights, auxiliaryErrors, n, width, out);
      double[] auxiliaryRowErrors = new double[n];
      toSlopes(batch, auxiliaryErrors, parameters, auxiliaryRowErrors);
      multiply(
          MatrixProducts.Form.SECOND_TRANSPOSED,
          auxiliaryErrors,
          weights,
          auxiliary,
          n,
          out,
          width);
      terms.put("auxiliary", mean(auxiliaryRowErrors));
    }
    RowSums[] sums = backward(rule, n, width);
    addPenalties(terms, rule, sums);
    multiply(
        MatrixProducts.Form.FIRST_TRANSPOSED,
        frame.centred(batch),
        slopes,
        gradients.slice(SaeTensors.W_ENC),
        design.inputSize(),
        n,
        width);
    rule.gradients(sums).forEach((name, values) -> gradients.slice(name).put(values));
    addNorms(RowSums.total(sums, RowSums.NORM), decoder, gradients, out);
    frame.end(batch, errors, RowSums.total(sums, RowSums.PRE), parameters, gradients);
    return new Outcome(terms, rowErrors, RowSums.firings(sums), Double.NaN);
  }

  private DenseRule rule(Setting setting, FlatParameters parameters, float[] norms, int rows) {
    SaeVariant variant = frame.design.variant();
    if (variant instanceof SaeVariant.Standard standard) {
      return new StandardRule(
          SaeParameters.array(parameters, SaeTensors.B_ENC),
          norms,
          (float) (standard.l1() * setting.warmth() / rows),
          standard.p());
    }
    if (variant instanceof SaeVariant.Gated gated) {
      return new GatedRule(
          SaeParameters.array(parameters, SaeTensors.B_GATE),
          SaeParameters.array(parameters, SaeTensors.B_MAG),
          exponentials(SaeParameters.array(parameters, SaeTensors.R_MAG)),
          norms,
          (float) (gated.l1() * setting.warmth() / rows));
    }
    if (variant instanceof SaeVariant.JumpRelu jump) {
      return new JumpReluRule(
          SaeParameters.array(parameters, SaeTensors.B_ENC),
          exponentials(SaeParameters.array(parameters, SaeParameters.LOG_THRESHOLD)),
          norms,
          setting.dead(),
          (float) jump.bandwidth(),
          jump.sparsity() instanceof SaeVariant.Tanh tanh ? (float) tanh.scale() : 0,
          (float) (jump.l0() * setting.warmth() / rows),
          (float) (jump.preActivation() / rows));
    }
    throw new IllegalStateException("features of " + variant + " are not all computed");
  }

  private static float[] exponentials(float[] values) {
    for (int j = 0; j < values.length; j++) {
      values[j] = (float) Math.exp(values[j]);
    }
    return values;
  }

  private void forward(DenseRule rule, int rows, int width) {
    FloatBuffer pre = frame.pre();
    frame.chunks.forEach(
        rows,
        (part, first, end) -> {
          float[] p = new float[width];
          float[] f = new float[width];
          float[] a = new float[rule.hasAuxiliary() ? width : 0];
          for (int n = first; n < end; n++) {
            pre.get(n * width, p);
            rule.forward(p, f, a);
            features.put(n * width, f);
            if (rule.hasAuxiliary()) {
              auxiliary.put(n * width, a);
            }
          }
        });
  }

  private RowSums[] backward(DenseRule rule, int rows, int width) {
    FloatBuffer pre = frame.pre();
    RowSums[] sums = new RowSums[RowChunks.parts(rows)];
    frame.chunks.forEach(
        rows,
        (part, first, end) -> {
          RowSums own = new RowSums(rule.vectors(), width);
          float[] p = new float[width];
          float[] f = new float[width];
          float[] g = new float[width];
          float[] a = new float[rule.hasAuxiliary() ? width : 0];
          for (int n = first; n < end; n++) {
            if (rule.readsPreActivations()) {
              pre.get(n * width, p);
            }
            features.get(n * width, f);
            slopes.get(n * width, g);
            if (rule.hasAuxiliary()) {
              auxiliary.get(n * width, a);
            }
            rule.backward(p, f, g, a, own);
            slopes.put(n * width, g);
          }
          sums[part] = own;
        });
    return sums;
  }

  /** Turns {@code f·W_dec} into {@code 2(x̂ − x)/N}, in place. */
  private void toSlopes(
      SaeBatch batch, FloatBuffer decoded, FlatParameters parameters, double[] rowErrors) {
    float[] bias = SaeParameters.array(parameters, SaeTensors.B_DEC);
    int out = bias.length;
    float factor = 2f / batch.rows();
    FloatBuffer targets = batch.targets();
    FloatBuffer skipped = frame.skipped();
    frame.chunks.forEach(
        batch.rows(),
        (part, first, end) -> {
          float[] row = new float[out];
          float[] target = new float[out];
          float[] added = new float[out];
          for (int n = first; n < end; n++) {
            decoded.get(n * out, row);
            targets.get(n * out, target);
            if (frame.design.skip()) {
              skipped.get(n * out, added);
            }
            double squares = 0;
            for (int i = 0; i < out; i++) {
              float error = row[i] + bias[i] + added[i] - target[i];
              squares += (double) error * error;
              row[i] = factor * error;
            }
            rowErrors[n] = squares;
            decoded.put(n * out, row);
          }
        });
  }

  private static void addPenalties(Map<String, Double> terms, DenseRule rule, RowSums[] sums) {
    double penalty = 0;
    double extra = 0;
    for (RowSums part : sums) {
      penalty += part.penalty;
      extra += part.auxiliary;
    }
    terms.put("sparsity", penalty);
    if (rule instanceof JumpReluRule jump && jump.preActivation() > 0) {
      terms.put("pre_activation", extra);
    }
  }

  private static void addNorms(float[] norms, float[] decoder, FlatParameters gradients, int size) {
    float[] slopes = SaeParameters.array(gradients, SaeTensors.W_DEC);
    DecoderNorms.addNormGradients(slopes, norms, decoder, size);
    gradients.slice(SaeTensors.W_DEC).put(slopes);
  }

  private void multiply(
      MatrixProducts.Form form,
      FloatBuffer a,
      FloatBuffer b,
      FloatBuffer product,
      int m,
      int k,
      int n) {
    frame.products.multiply(form, a, b, product, m, k, n);
  }

  static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).sum() / values.length;
  }

  @Override
  public void close() {
    frame.products.close();
  }
}
