package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.UnpairedLabel;
import org.alignment4j.rlhf.data.UnpairedExample;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Matching of underlying distributions (Jung et al. 2024, BCO, arXiv 2404.04656, section 3.3; TRL
 * {@code BCOTrainer}): where desirable and undesirable answers are to prompts of different kinds,
 * the loss of an undesirable answer to the prompt x is weighted by the ratio of densities {@code
 * p(x | desirable)/p(x | undesirable)}, so that the losses of both kinds are over the same prompts.
 * The ratio is {@code p/(1 − p)} of a logistic regression over embeddings of prompts in which both
 * kinds count the same, bounded on both sides. Desirable answers keep the weight 1. Immutable.
 *
 * @param name of the embedding and its version, not blank; a run is not resumed under another
 * @param embedding makes a vector of a prompt, always of one length; null takes the mean of the
 *     frozen reference's states of the prompt's tokens in the last block, each divided by its root
 *     mean square
 * @param minRatio least weight, positive; 0.5 in TRL
 * @param maxRatio largest weight, at least {@code minRatio}, finite; 10 in TRL
 * @param sampleSize most prompts of each kind that the classifier is fitted to, at least 1, drawn
 *     without replacement by the seed of the run; 1024 in TRL, which draws with replacement
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DistributionMatching(
    String name,
    @Nullable Function<Prompt, double[]> embedding,
    double minRatio,
    double maxRatio,
    int sampleSize) {

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when one is out of range
   */
  public DistributionMatching {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the name of an embedding must not be blank; a run is not resumed under another one");
    }
    if (!(minRatio > 0) || !(maxRatio >= minRatio) || Double.isInfinite(maxRatio)) {
      throw new IllegalArgumentException(
          "ratios must be positive and finite, the largest at least the least, but were %s and %s"
              .formatted(minRatio, maxRatio));
    }
    if (sampleSize < 1) {
      throw new IllegalArgumentException("sampleSize must be at least 1 but was " + sampleSize);
    }
  }

  /**
   * Returns matching by the states of the frozen reference, with the bounds of TRL.
   *
   * @return the settings
   */
  public static DistributionMatching ofReference() {
    return new DistributionMatching("states of the reference", null, 0.5, 10, 1024);
  }

  /**
   * Returns matching by an embedding, with the bounds of TRL.
   *
   * @param name of the embedding and its version, not blank; a run is not resumed under another
   * @param embedding makes a vector of a prompt, always of one length
   * @return the settings
   */
  public static DistributionMatching of(String name, Function<Prompt, double[]> embedding) {
    return new DistributionMatching(
        name, Objects.requireNonNull(embedding, "embedding"), 0.5, 10, 1024);
  }

  /**
   * The weight of each example.
   *
   * @param labels those that the examples were made of
   * @param examples of both kinds
   * @throws IllegalArgumentException when an embedding is not finite or of another length than the
   *     first, naming the label
   */
  double[] weights(
      DecoderModel reference,
      List<? extends UnpairedLabel> labels,
      List<UnpairedExample> examples,
      long seed,
      CancellationToken cancellation) {
    List<double[]> vectors = vectors(reference, labels, examples, cancellation);
    List<double[]> desirable = new ArrayList<>();
    List<double[]> undesirable = new ArrayList<>();
    for (int i = 0; i < vectors.size(); i++) {
      (examples.get(i).desirable() ? desirable : undesirable).add(vectors.get(i));
    }
    SplittableRandom random = new SplittableRandom(seed);
    PromptClassifier classifier =
        PromptClassifier.fit(sample(desirable, random), sample(undesirable, random));
    double[] weights = new double[vectors.size()];
    for (int i = 0; i < weights.length; i++) {
      double ratio = Math.exp(classifier.logOdds(vectors.get(i)));
      weights[i] = examples.get(i).desirable() ? 1 : Math.min(maxRatio, Math.max(minRatio, ratio));
    }
    return weights;
  }

  private List<double[]> vectors(
      DecoderModel reference,
      List<? extends UnpairedLabel> labels,
      List<UnpairedExample> examples,
      CancellationToken cancellation) {
    if (embedding == null) {
      return states(reference, examples, cancellation);
    }
    Map<Prompt, double[]> known = new LinkedHashMap<>();
    List<double[]> vectors = new ArrayList<>();
    for (UnpairedExample example : examples) {
      cancellation.throwIfCancelled("embedding prompts");
      double[] vector =
          known.computeIfAbsent(
              labels.get(example.index()).prompt(), p -> embedding.apply(p).clone());
      int width = vectors.isEmpty() ? vector.length : vectors.get(0).length;
      if (vector.length == 0
          || vector.length != width
          || !Arrays.stream(vector).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "the embedding of the prompt of labels[%s] must have %s finite numbers but is %s"
                .formatted(
                    example.index(),
                    width == 0 ? "one or more" : width,
                    vector.length == width ? Arrays.toString(vector) : "of " + vector.length));
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static List<double[]> states(
      DecoderModel reference, List<UnpairedExample> examples, CancellationToken cancellation) {
    List<TokenIds> prompts = examples.stream().map(UnpairedExample::prompt).distinct().toList();
    int width = reference.architecture().config().hiddenSize();
    List<double[]> of =
        AttentionBaseline.states(reference, prompts, s -> mean(s, width), cancellation);
    Map<TokenIds, double[]> means = new LinkedHashMap<>();
    for (int p = 0; p < prompts.size(); p++) {
      means.put(prompts.get(p), of.get(p));
    }
    return examples.stream().map(e -> Objects.requireNonNull(means.get(e.prompt()))).toList();
  }

  private static double[] mean(float[] states, int width) {
    double[] mean = new double[width];
    for (int i = 0; i < states.length; i++) {
      mean[i % width] += (double) states[i] * width / states.length;
    }
    return mean;
  }

  /** Some of them, none twice, each as likely as the other. */
  List<double[]> sample(List<double[]> all, SplittableRandom random) {
    if (all.size() <= sampleSize) {
      return all;
    }
    List<double[]> left = new ArrayList<>(all);
    for (int i = 0; i < sampleSize; i++) {
      Collections.swap(left, i, random.nextInt(i, left.size()));
    }
    return left.subList(0, sampleSize);
  }

  /** What the weights depend on besides the data, for the description of a run. */
  String description() {
    return "%s of %s in [%s, %s]".formatted(name, sampleSize, minRatio, maxRatio);
  }
}
