package org.alignment4j.interp.feature.train;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.interp.feature.SaeTensors;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.train.FlatParameters;

/**
 * The loss of the variants that keep few features of a row: one dense product for {@code x̃·W_enc},
 * and everything after it on the features that stayed. A selection by {@code z·‖W_dec‖} decodes
 * {@code z}, since the norm is divided out again; none of its gradient goes to the norm.
 */
final class SparseLoss implements SaeLoss {
  private final LossFrame frame;
  private final List<Integer> widths;
  private final FloatBuffer slopes;

  SparseLoss(SaeDesign design, int rows, MatrixProducts products, RowChunks chunks) {
    this.frame = new LossFrame(design, rows, products, chunks);
    this.widths =
        design.variant() instanceof SaeVariant.Matryoshka nested
            ? nested.widths()
            : List.of(design.width());
    this.slopes = NativeMemory.floats((long) rows * design.outputSize());
  }

  /** Settings that the variants share. */
  private record Selection(double k, double auxiliary, boolean rescaled, boolean overBatch) {
    static Selection of(SaeVariant variant) {
      if (variant instanceof SaeVariant.TopK topK) {
        return new Selection(topK.k(), topK.auxiliary(), topK.rescaledByDecoderNorm(), false);
      }
      SaeVariant.BatchTopK batch =
          variant instanceof SaeVariant.Matryoshka nested
              ? nested.selection()
              : (SaeVariant.BatchTopK) variant;
      return new Selection(batch.k(), batch.auxiliary(), batch.rescaledByDecoderNorm(), true);
    }
  }

  @Override
  public Outcome evaluate(
      SaeBatch batch, Setting setting, FlatParameters parameters, FlatParameters gradients) {
    SaeDesign design = frame.design;
    int n = batch.rows();
    int out = design.outputSize();
    Selection selection = Selection.of(design.variant());
    float[] decoder = SaeParameters.array(parameters, SaeTensors.W_DEC);
    frame.begin(batch, parameters);
    KeptFeatures choice =
        new KeptFeatures(
            frame.chunks,
            SaeParameters.array(parameters, SaeTensors.B_ENC),
            selection.rescaled() ? DecoderNorms.of(decoder, out) : ones(design.width()));
    KeptFeatures.Kept kept =
        selection.overBatch()
            ? choice.ofBatch(frame.pre(), n, (long) (selection.k() * n))
            : choice.ofRows(frame.pre(), n, (int) selection.k());
    NestedDecoding decoding =
        new NestedDecoding(
            batch, frame, widths, decoder, SaeParameters.array(parameters, SaeTensors.B_DEC));
    decoding.run(kept.rows());
    Map<String, Double> terms = new LinkedHashMap<>(decoding.terms());
    SparseGradients into = new SparseGradients(frame, batch, gradients);
    int deadCount = setting.deadCount();
    if (selection.auxiliary() > 0) {
      terms.put("auxiliary", 0.0);
    }
    if (selection.auxiliary() > 0 && deadCount > 0) {
      int usual = Math.max(1, design.inputSize() / 2);
      double weight = selection.auxiliary() * Math.min((double) deadCount / usual, 1);
      SparseRows dead = choice.ofDead(frame.pre(), n, Math.min(usual, deadCount), setting.dead());
      AuxiliaryDecoding auxiliary =
          new AuxiliaryDecoding(frame.chunks, decoder, out, weight, decoding.residuals());
      terms.put("auxiliary", auxiliary.run(dead));
      into.write(
          List.of(
              new SparseGradients.Source(kept.rows(), widths, decoding.slopes()),
              new SparseGradients.Source(
                  dead, List.of(design.width()), new float[][] {auxiliary.slopes()})));
    } else {
      into.write(List.of(new SparseGradients.Source(kept.rows(), widths, decoding.slopes())));
    }
    slopes.put(0, decoding.slopes()[0]);
    frame.end(
        batch,
        slopes.duplicate(),
        SaeParameters.array(gradients, SaeTensors.B_ENC),
        parameters,
        gradients);
    return new Outcome(
        terms, decoding.rowErrors(), kept.rows().firings(design.width()), kept.smallest());
  }

  private static float[] ones(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  @Override
  public void close() {
    frame.products.close();
  }
}
