package org.alignment4j.interp.feature;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.ForwardResult;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures a sparse autoencoder or transcoder in its model: each batch runs as it is, with
 * activations replaced by reconstructions, and with zeros in their place. Immutable.
 *
 * @param excluded tokens that do not count, such as {@code tokenizer.specialIds()}
 * @param batch sequences run together, at least 1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SaeEvaluation(Set<Integer> excluded, int batch) {

  /**
   * Copies the tokens.
   *
   * @throws IllegalArgumentException when the batch is not positive
   */
  public SaeEvaluation {
    excluded = Set.copyOf(excluded);
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1 but was " + batch);
    }
  }

  /**
   * Measures.
   *
   * @param model the model
   * @param sae the autoencoder; of normalisation {@code expected_average_only_in} it must have been
   *     folded
   * @param sequences tokens, each sequence of at least two
   * @param cancellation asks to stop at the next batch
   * @return the quality without and with the excluded tokens
   * @throws IllegalArgumentException when the model lacks a hook point or it has another size, or
   *     the autoencoder was not folded
   * @throws IllegalStateException when no token counts
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  public SaeQuality measure(
      HookedModel model,
      SparseAutoencoder sae,
      List<TokenIds> sequences,
      CancellationToken cancellation) {
    sae.requireFolded();
    SaeConfig config = sae.config();
    Sums kept = new Sums(config);
    Sums all = new Sums(config);
    for (int start = 0; start < sequences.size(); start += batch) {
      cancellation.throwIfCancelled("evaluation of a sparse autoencoder");
      List<TokenIds> part = sequences.subList(start, Math.min(start + batch, sequences.size()));
      new Batch(model, sae, part, cancellation).addTo(kept, all);
    }
    return new SaeQuality(
        kept.features.result(), kept.loss.result(), all.features.result(), all.loss.result());
  }

  private static final class Sums {
    final ReconstructionMetrics features;
    final LossSums loss = new LossSums();

    Sums(SaeConfig config) {
      features = new ReconstructionMetrics(config.outputSize(), config.width());
    }
  }

  private final class Batch {
    private final HookedModel model;
    private final SaeConfig config;
    private final List<TokenIds> sequences;
    private final CancellationToken cancellation;
    private final ForwardResult clean;
    private final HookRows inputs;
    private final float[] targets;
    private final float[] features;
    private final float[] predictions;

    Batch(
        HookedModel model,
        SparseAutoencoder sae,
        List<TokenIds> sequences,
        CancellationToken cancellation) {
      this.model = model;
      this.config = sae.config();
      this.sequences = sequences;
      this.cancellation = cancellation;
      SaeSite site = config.site();
      this.clean = model.forward(sequences).cache(site.points()).execute(cancellation);
      this.inputs = HookRows.of(clean.cache(), site.point(), config.inputSize());
      this.targets = HookRows.of(clean.cache(), site.output(), config.outputSize()).data();
      FiniteRows.require(inputs.kept(inputs.real()), config.inputSize(), "activations");
      this.features = sae.features(inputs.data());
      this.predictions = sae.reconstruction(features, inputs.data());
    }

    void addTo(Sums kept, Sums all) {
      add(
          kept,
          inputs.marked((sequence, position) -> !excluded.contains(token(sequence, position))));
      add(all, inputs.real());
    }

    private int token(int sequence, int position) {
      return sequences.get(sequence).get(position);
    }

    private void add(Sums sums, boolean[] included) {
      sums.features.add(targets, features, predictions, included);
      ForwardResult replaced = run(included, predictions);
      ForwardResult ablated = run(included, new float[predictions.length]);
      for (int sequence = 0; sequence < sequences.size(); sequence++) {
        for (int position = 0; position + 1 < sequences.get(sequence).size(); position++) {
          if (included[sequence * inputs.positions() + position]) {
            sums.loss.add(
                clean.logits(sequence, position),
                replaced.logits(sequence, position),
                ablated.logits(sequence, position),
                token(sequence, position + 1));
          }
        }
      }
    }

    /** Runs the model with other vectors at the rows that are included. */
    private ForwardResult run(boolean[] included, float[] vectors) {
      int size = config.outputSize();
      ActivationFunction function =
          (value, call) -> {
            long[] shape = value.shape();
            float[] data = value.dup('c').data().asFloat();
            for (int row = 0; row < included.length; row++) {
              if (included[row]) {
                System.arraycopy(vectors, row * size, data, row * size, size);
              }
            }
            INDArray changed = Nd4j.createFromArray(data);
            return changed.reshape('c', shape);
          };
      return model
          .forward(sequences)
          .with(FeatureInterventions.at(config.site().output(), function))
          .execute(cancellation);
    }
  }
}
