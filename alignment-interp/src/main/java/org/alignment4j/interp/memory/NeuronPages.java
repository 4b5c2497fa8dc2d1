package org.alignment4j.interp.memory;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoints;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.weights.TokenScore;
import org.alignment4j.interp.weights.TransformerWeights;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Makes pages of neurons: one scan of a corpus, then one run of each text that is shown. Immutable
 * and thread-safe.
 *
 * @param scan how the corpus is read
 * @param texts how many texts of greatest, and as many of least, activation
 * @param tokens how many tokens are promoted, and as many suppressed
 * @param before tokens shown before the one a text is shown for
 * @param after tokens shown after it
 * @param ignored tokens at which neurons are not looked at, such as the beginning of a sequence
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NeuronPages(
    CorpusScan scan, int texts, int tokens, int before, int after, Set<Integer> ignored) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no text, or a number is negative
   */
  public NeuronPages {
    Objects.requireNonNull(scan, "scan");
    ignored = Set.copyOf(ignored);
    if (texts < 1) {
      throw new IllegalArgumentException("texts must be positive but was " + texts);
    }
    if (tokens < 0 || before < 0 || after < 0) {
      throw new IllegalArgumentException(
          "tokens, before and after must not be negative but were "
              + tokens
              + ", "
              + before
              + " and "
              + after);
    }
  }

  /**
   * Ten texts and ten tokens each way, with up to 10 tokens before and 5 after.
   *
   * @param ignored tokens at which neurons are not looked at
   */
  public static NeuronPages defaults(Set<Integer> ignored) {
    return new NeuronPages(CorpusScan.defaults(), 10, 10, 10, 5, ignored);
  }

  /**
   * Makes the pages of some neurons of a layer.
   *
   * @param model the model
   * @param layer the layer, from 0
   * @param neurons numbers within the layer
   * @param corpus sequences that the model can read, read once
   * @param cancellation asks to stop before the next run
   * @return the pages, in the order of the neurons
   * @throws IllegalArgumentException if the layer or a neuron is not there, the layer has several
   *     MLPs, or the corpus shows no token that is not ignored
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public List<NeuronPage> of(
      DecoderModel model,
      int layer,
      List<Integer> neurons,
      Iterable<TokenIds> corpus,
      CancellationToken cancellation) {
    ValueVectors values = new ValueVectors(TransformerWeights.of(model), layer);
    for (int neuron : neurons) {
      if (neuron < 0 || neuron >= values.count()) {
        throw new IllegalArgumentException(
            "neuron must be from 0 to " + (values.count() - 1) + " but was " + neuron);
      }
    }
    NeuronStatistics statistics = new NeuronStatistics(ignored);
    TopExamples greatest = TopExamples.greatest(texts, ignored);
    TopExamples least = TopExamples.least(texts, ignored);
    NeuronObserver all =
        (sequence, ids, position, activations) -> {
          statistics.observe(sequence, ids, position, activations);
          greatest.observe(sequence, ids, position, activations);
          least.observe(sequence, ids, position, activations);
        };
    scan.run(model, corpus, Map.of(layer, all), cancellation);
    if (statistics.tokens() == 0) {
      throw new IllegalArgumentException(
          "the corpus must show a token that is not ignored but shows none");
    }
    Activations activations = new Activations(model, layer, cancellation);
    List<NeuronPage> pages = new ArrayList<>();
    for (int neuron : neurons) {
      double[] scores = values.staticScores(neuron);
      pages.add(
          new NeuronPage(
              layer,
              neuron,
              statistics.summary(neuron),
              quantiles(statistics, neuron),
              shown(greatest.of(neuron), neuron, activations),
              shown(least.of(neuron), neuron, activations),
              TokenScore.greatest(scores, tokens),
              TokenScore.least(scores, tokens)));
    }
    return pages;
  }

  private static ImmutableDoubleArray quantiles(NeuronStatistics statistics, int neuron) {
    return ImmutableDoubleArray.copyOf(
        NeuronPage.LEVELS.stream().map(level -> statistics.quantile(neuron, level)));
  }

  private List<NeuronPage.Text> shown(
      List<NeuronExample> examples, int neuron, Activations activations) {
    return examples.stream()
        .map(
            example -> {
              int from = Math.max(0, example.position() - before);
              int to = Math.min(example.tokens().size(), example.position() + after + 1);
              double[] whole = activations.of(example, neuron);
              return new NeuronPage.Text(
                  example, from, ImmutableDoubleArray.copyOf(Arrays.copyOfRange(whole, from, to)));
            })
        .toList();
  }

  /** Of every text that is shown, once: neurons often share them. */
  private static final class Activations {
    private final DecoderModel model;
    private final int layer;
    private final CancellationToken cancellation;
    private final Map<Long, Values> bySequence = new LinkedHashMap<>();

    Activations(DecoderModel model, int layer, CancellationToken cancellation) {
      this.model = model;
      this.layer = layer;
      this.cancellation = cancellation;
    }

    double[] of(NeuronExample example, int neuron) {
      Values values = bySequence.computeIfAbsent(example.sequence(), s -> run(example.tokens()));
      double[] activations = new double[example.tokens().size()];
      for (int position = 0; position < activations.length; position++) {
        activations[position] = values.get(0, position, neuron);
      }
      return activations;
    }

    private Values run(TokenIds tokens) {
      ForwardRun run = model.forward(List.of(tokens)).cache(HookPoints.mlpPost(layer));
      if (layer + 1 < model.layerCount()) {
        run = run.stopAtLayer(layer + 1);
      }
      return run.execute(cancellation).cache().values(HookPoints.mlpPost(layer));
    }
  }
}
