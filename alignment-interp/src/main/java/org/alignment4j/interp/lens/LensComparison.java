package org.alignment4j.interp.lens;

import com.google.common.collect.Iterables;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.hook.ActivationCache;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookPointSet;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.report.Cell;
import org.alignment4j.core.report.Section;
import org.alignment4j.core.report.Table;
import org.alignment4j.core.statistics.Estimates;
import org.apiguardian.api.API;

/**
 * How far a tuned lens and the logit lens are from a model on texts that were held out: divergence
 * of their distributions from the final one and cross-entropy of the tokens that come next, in
 * nats. Intervals take the tokens of one text as dependent on each other ({@link
 * Estimates#clusteredMean(double[], int[])}). Immutable.
 *
 * @param modelId the model
 * @param texts how many were read
 * @param layers the stream before each layer, first to last
 * @param crossEntropy the model's own
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LensComparison(
    String modelId, long texts, List<Layer> layers, Estimate crossEntropy) {

  /**
   * The stream before one layer.
   *
   * @param point the hook point
   * @param logitDivergence mean {@code KL(p_final ‖ p_lens)} of the logit lens over all tokens
   * @param tunedDivergence that of the tuned lens
   * @param gain by how much the tuned lens's is lower, token by token; what the translator brings
   * @param logitCrossEntropy of the logit lens, over tokens that have a next one
   * @param tunedCrossEntropy of the tuned lens
   */
  public record Layer(
      HookPoint<?> point,
      Estimate logitDivergence,
      Estimate tunedDivergence,
      Estimate gain,
      Estimate logitCrossEntropy,
      Estimate tunedCrossEntropy) {

    /** Returns the perplexity of the logit lens: e to its cross-entropy. */
    public double logitPerplexity() {
      return Math.exp(logitCrossEntropy.value());
    }

    /** Returns the perplexity of the tuned lens: e to its cross-entropy. */
    public double tunedPerplexity() {
      return Math.exp(tunedCrossEntropy.value());
    }
  }

  /** Copies the layers. */
  public LensComparison {
    Objects.requireNonNull(modelId, "modelId");
    Objects.requireNonNull(crossEntropy, "crossEntropy");
    layers = List.copyOf(layers);
  }

  /**
   * Reads texts by both lenses. Four numbers a token and layer are kept; texts are not.
   *
   * @param lens the tuned lens, whose model is run
   * @param texts held out from its training, each of two tokens at least
   * @param batch texts run together, at least 1
   * @param cancellation asks to stop
   * @return the comparison
   * @throws IllegalArgumentException when there is no text, one has no next token, or the batch is
   *     not positive
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public static LensComparison of(
      TunedLens lens, Iterable<TokenIds> texts, int batch, CancellationToken cancellation) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1 but was " + batch);
    }
    TunedLens logit = TunedLens.identity(lens.model());
    Numbers ofTuned = new Numbers();
    Numbers ofLogit = new Numbers();
    List<HookPoint<?>> points = new ArrayList<>();
    int read = 0;
    for (List<TokenIds> part : Iterables.partition(texts, batch)) {
      for (TokenIds text : part) {
        requireNext(text, read++);
      }
      ActivationCache cache =
          lens.model()
              .forward(part)
              .cache(lens.points().toArray(HookPointSet<?>[]::new))
              .execute(cancellation)
              .cache();
      LensReading tuned = lens.read(cache, 1, cancellation);
      ofTuned.add(tuned, read - part.size());
      ofLogit.add(logit.read(cache, 1, cancellation), read - part.size());
      points = tuned.layers().stream().<HookPoint<?>>map(LensReading.Layer::point).toList();
    }
    if (read == 0) {
      throw new IllegalArgumentException("texts must hold at least one text but held none");
    }
    return of(lens.model().id(), read, points, ofTuned, ofLogit);
  }

  private static void requireNext(TokenIds text, int number) {
    if (text.size() < 2) {
      throw new IllegalArgumentException(
          "a text must have a token and a next one but text "
              + number
              + " has "
              + text.size()
              + " tokens; leave it out");
    }
  }

  private static LensComparison of(
      String modelId, int texts, List<HookPoint<?>> points, Numbers tuned, Numbers logit) {
    List<Layer> layers = new ArrayList<>();
    int last = points.size() - 1;
    for (int i = 0; i < last; i++) {
      layers.add(
          new Layer(
              points.get(i),
              logit.divergence(i),
              tuned.divergence(i),
              Estimates.clusteredPairedDifference(
                  logit.divergences.get(i).build().toArray(),
                  tuned.divergences.get(i).build().toArray(),
                  tuned.texts(),
                  Estimates.DEFAULT_CONFIDENCE),
              logit.crossEntropy(i),
              tuned.crossEntropy(i)));
    }
    return new LensComparison(modelId, texts, layers, tuned.crossEntropy(last));
  }

  /** The comparison as a table, one row a layer, the model itself last. */
  public Table table() {
    Table table =
        Table.of(
            "stream",
            "KL, logit lens",
            "KL, tuned lens",
            "gain",
            "perplexity, logit lens",
            "perplexity, tuned lens");
    for (Layer layer : layers) {
      table =
          table.row(
              Cell.text(layer.point().layer() + "_pre"),
              Cell.figure(layer.logitDivergence()),
              Cell.figure(layer.tunedDivergence()),
              Cell.figure(layer.gain()),
              Cell.number(layer.logitPerplexity(), 2),
              Cell.number(layer.tunedPerplexity(), 2));
    }
    double own = Math.exp(crossEntropy.value());
    return table.row(
        Cell.text("model"),
        Cell.number(0, 2),
        Cell.number(0, 2),
        Cell.number(0, 2),
        Cell.number(own, 2),
        Cell.number(own, 2));
  }

  /** The table as a section of a report. */
  public Section section() {
    return new Section.Tabular(
        "Tuned lens against logit lens",
        table(),
        "Divergence from the model's own distribution in nats and perplexity of the next token, on "
            + texts
            + " texts that neither lens was trained on. Intervals are clustered by text.");
  }

  /** What one lens read, by point of the stream. */
  private static final class Numbers {
    private final List<ImmutableDoubleArray.Builder> divergences = new ArrayList<>();
    private final List<ImmutableDoubleArray.Builder> entropies = new ArrayList<>();
    private final ImmutableIntArray.Builder ofAll = ImmutableIntArray.builder();
    private final ImmutableIntArray.Builder ofNext = ImmutableIntArray.builder();

    void add(LensReading reading, int firstText) {
      for (int i = 0; i < reading.layers().size(); i++) {
        if (divergences.size() == i) {
          divergences.add(ImmutableDoubleArray.builder());
          entropies.add(ImmutableDoubleArray.builder());
        }
        List<List<LensReading.Place>> places = reading.layers().get(i).places();
        for (int text = 0; text < places.size(); text++) {
          add(i, firstText + text, places.get(text));
        }
      }
    }

    private void add(int layer, int text, List<LensReading.Place> places) {
      for (LensReading.Place place : places) {
        divergences.get(layer).add(place.divergence());
        if (layer == 0) {
          ofAll.add(text);
        }
        if (place.nextRank() >= 0) {
          entropies.get(layer).add(-place.nextLogProbability());
          if (layer == 0) {
            ofNext.add(text);
          }
        }
      }
    }

    int[] texts() {
      return ofAll.build().toArray();
    }

    Estimate divergence(int layer) {
      return Estimates.clusteredMean(divergences.get(layer).build().toArray(), texts());
    }

    Estimate crossEntropy(int layer) {
      return Estimates.clusteredMean(
          entropies.get(layer).build().toArray(), ofNext.build().toArray());
    }
  }
}
