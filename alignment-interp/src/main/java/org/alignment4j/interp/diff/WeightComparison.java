package org.alignment4j.interp.diff;

import com.google.common.primitives.ImmutableLongArray;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.interp.head.HeadId;
import org.alignment4j.interp.neuron.Neuron;
import org.alignment4j.interp.weights.Affine;
import org.alignment4j.interp.weights.AttentionWeights;
import org.alignment4j.interp.weights.Matrix;
import org.alignment4j.interp.weights.MlpWeights;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.architecture.Parameter;
import org.alignment4j.runtime.checkpoint.WeightTensor;

/** Compares weights tensor by tensor, head by head and neuron by neuron. */
final class WeightComparison {

  private static final String WORK = "comparison of weights";

  private final DecoderModel before;
  private final DecoderModel after;
  private final PartSlices slices;
  private final int widestSpectrum;
  private final CancellationToken cancellation;

  WeightComparison(
      DecoderModel before,
      DecoderModel after,
      PartSlices slices,
      int widestSpectrum,
      CancellationToken cancellation) {
    this.before = before;
    this.after = after;
    this.slices = slices;
    this.widestSpectrum = widestSpectrum;
    this.cancellation = cancellation;
  }

  WeightChanges compare() {
    List<TensorChange> tensors = new ArrayList<>();
    for (Parameter parameter : slices.parameters()) {
      cancellation.throwIfCancelled(WORK);
      tensors.add(tensor(parameter));
    }
    TransformerWeights first = TransformerWeights.of(before);
    TransformerWeights second = TransformerWeights.of(after);
    List<HeadChange> heads = new ArrayList<>();
    List<NeuronChange> neurons = new ArrayList<>();
    for (int layer = 0; layer < first.layers().size(); layer++) {
      cancellation.throwIfCancelled(WORK);
      heads(heads, layer, first.layer(layer).attention(), second.layer(layer).attention());
      neurons(neurons, layer, first.layer(layer).mlp(), second.layer(layer).mlp());
    }
    return new WeightChanges(before.id(), after.id(), tensors, heads, neurons);
  }

  private TensorChange tensor(Parameter parameter) {
    WeightTensor old = before.weights().get(parameter.name());
    FloatBuffer first = old.data();
    FloatBuffer second = after.weights().get(parameter.name()).data();
    double squares = 0;
    double changes = 0;
    double greatest = 0;
    long changed = 0;
    for (int i = 0; i < old.size(); i++) {
      double value = first.get(i);
      double difference = second.get(i) - value;
      squares += value * value;
      changes += difference * difference;
      greatest = Math.max(greatest, Math.abs(difference));
      changed += difference == 0 ? 0 : 1;
    }
    return new TensorChange(
        parameter.name(),
        slices.coarse(parameter),
        ImmutableLongArray.copyOf(parameter.shape()),
        changed,
        Math.sqrt(squares),
        Math.sqrt(changes),
        greatest,
        changed == 0 ? Optional.empty() : spectrum(parameter.shape(), first, second));
  }

  private Optional<Spectrum> spectrum(long[] shape, FloatBuffer first, FloatBuffer second) {
    if (shape.length != 2 || Math.min(shape[0], shape[1]) > widestSpectrum) {
      return Optional.empty();
    }
    double[][] difference = new double[(int) shape[0]][(int) shape[1]];
    int at = 0;
    for (double[] row : difference) {
      for (int j = 0; j < row.length; j++, at++) {
        row[j] = (double) second.get(at) - first.get(at);
      }
    }
    return Optional.of(Spectrum.of(difference));
  }

  private static void heads(
      List<HeadChange> heads, int layer, AttentionWeights old, AttentionWeights changed) {
    for (int h = 0; h < old.heads(); h++) {
      Affine query = old.query().get(h);
      Affine queryAfter = changed.query().get(h);
      Affine key = old.keyOf(h);
      Affine keyAfter = changed.keyOf(h);
      Affine value = old.valueOf(h);
      Affine valueAfter = changed.valueOf(h);
      Matrix output = old.output().get(h);
      Matrix outputAfter = changed.output().get(h);
      heads.add(
          new HeadChange(
              new HeadId(layer, h),
              RelativeChange.of(query, queryAfter),
              RelativeChange.of(key, keyAfter),
              RelativeChange.of(value, valueAfter),
              RelativeChange.of(output, outputAfter),
              RelativeChange.ofProduct(
                  query.weight(),
                  queryAfter.weight(),
                  key.weight().transposed(),
                  keyAfter.weight().transposed()),
              RelativeChange.ofProduct(value.weight(), valueAfter.weight(), output, outputAfter)));
    }
  }

  private static void neurons(
      List<NeuronChange> neurons, int layer, MlpWeights old, MlpWeights changed) {
    if (old instanceof MlpWeights.Plain first && changed instanceof MlpWeights.Plain second) {
      for (int i = 0; i < first.out().weight().rows(); i++) {
        Norms in = Norms.column(first.in(), second.in(), i);
        Norms out = Norms.row(first.out().weight(), second.out().weight(), i);
        neurons.add(
            new NeuronChange(
                new Neuron(layer, i),
                in.relative(),
                Double.NaN,
                out.relative(),
                in.plus(out).relative()));
      }
    }
    if (old instanceof MlpWeights.Gated first && changed instanceof MlpWeights.Gated second) {
      for (int i = 0; i < first.out().weight().rows(); i++) {
        Norms in = Norms.column(first.in(), second.in(), i);
        Norms gate = Norms.column(first.gate(), second.gate(), i);
        Norms out = Norms.row(first.out().weight(), second.out().weight(), i);
        neurons.add(
            new NeuronChange(
                new Neuron(layer, i),
                in.relative(),
                gate.relative(),
                out.relative(),
                in.plus(gate).plus(out).relative()));
      }
    }
  }

  /** Squared norms of a vector and of its change. */
  private record Norms(double before, double change) {

    static Norms column(Affine old, Affine changed, int column) {
      double squares = 0;
      double changes = 0;
      for (int i = 0; i < old.weight().rows(); i++) {
        double value = old.weight().get(i, column);
        double difference = changed.weight().get(i, column) - value;
        squares += value * value;
        changes += difference * difference;
      }
      double bias = old.bias().get(0, column);
      double shift = changed.bias().get(0, column) - bias;
      return new Norms(squares + bias * bias, changes + shift * shift);
    }

    static Norms row(Matrix old, Matrix changed, int row) {
      double squares = 0;
      double changes = 0;
      for (int j = 0; j < old.columns(); j++) {
        double value = old.get(row, j);
        double difference = changed.get(row, j) - value;
        squares += value * value;
        changes += difference * difference;
      }
      return new Norms(squares, changes);
    }

    Norms plus(Norms other) {
      return new Norms(before + other.before, change + other.change);
    }

    double relative() {
      return RelativeChange.ofNorms(Math.sqrt(change), Math.sqrt(before));
    }
  }
}
