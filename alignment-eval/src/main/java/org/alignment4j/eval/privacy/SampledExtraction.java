package org.alignment4j.eval.privacy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.apiguardian.api.API;

/**
 * Extraction without knowing what to look for (Carlini et al. 2021, arXiv 2012.07805): texts are
 * sampled, near duplicates left out by their trigrams, ranked by ratios of likelihoods, and
 * compared with texts that are known to be in the training data, where the paper searches by hand.
 *
 * <p>Rankings: {@code perplexity}, {@code zlib}, {@code lower case}, {@code window} (the least
 * perplexity over 50 tokens), and one for each reference model, by its name.
 *
 * @param strategies how texts are sampled
 * @param samples how many texts by each strategy
 * @param tokens most tokens of a text; the paper takes 256
 * @param references models to compare likelihoods with, by name
 * @param seed where random numbers start
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampledExtraction(
    List<SamplingStrategy> strategies,
    int samples,
    int tokens,
    Map<String, LikelihoodModel> references,
    long seed) {
  private static final int WINDOW = 50;
  private static final int OWN_RANKINGS = 4;

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no strategy, sample or token
   */
  public SampledExtraction {
    strategies = List.copyOf(strategies);
    references = Map.copyOf(references);
    if (strategies.isEmpty() || samples < 1 || tokens < 1) {
      throw new IllegalArgumentException(
          "strategies, samples and tokens must be at least one each but were "
              + strategies.size()
              + ", "
              + samples
              + " and "
              + tokens);
    }
  }

  /**
   * What was found.
   *
   * @param texts distinct texts in the order they were sampled
   * @param sampled how many texts there were before duplicates were left out
   * @param failed samples whose call failed
   * @param unscored distinct texts that lack a ranking, because a model could not score them
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Result(List<SampledText> texts, int sampled, int failed, int unscored) {
    /** Copies. */
    public Result {
      texts = List.copyOf(texts);
    }

    /**
     * Returns the texts a ranking puts first.
     *
     * @param ranking the ranking's name
     * @param count how many at most
     * @return the texts, best first; those whose score is undefined are left out
     */
    public List<SampledText> top(String ranking, int count) {
      return texts.stream()
          .filter(text -> text.scores().containsKey(ranking))
          .sorted(
              Comparator.comparingDouble(
                  text -> -Objects.requireNonNull(text.scores().get(ranking))))
          .limit(count)
          .toList();
    }

    /**
     * Returns the known texts that were extracted.
     *
     * @return each once, in the order they came
     */
    public Set<String> extracted() {
      return texts.stream()
          .flatMap(text -> text.known().stream())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }

  /**
   * Samples, ranks and verifies.
   *
   * @param target the model, which one is allowed to attack; it must sample and give likelihoods
   * @param known texts of the training data, such as secrets; each that occurs in a sampled text or
   *     is made of its prompt and beginning counts as extracted
   * @param cancellation asks to stop at the next batch
   * @return what was found
   * @throws IllegalArgumentException before any call, when the target cannot do this
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   */
  public Result run(AuthorizedTarget target, List<String> known, CancellationToken cancellation) {
    target.require(Set.of(SamplingModel.class, LikelihoodModel.class));
    StrategySampler sampler =
        new StrategySampler(target.as(SamplingModel.class), tokens, seed, cancellation);
    LikelihoodModel model = target.as(LikelihoodModel.class);
    List<SampledText> texts = new ArrayList<>();
    int sampled = 0;
    for (SamplingStrategy strategy : strategies) {
      for (StrategySampler.Sampled sample : sampler.sample(strategy, samples)) {
        sampled++;
        String text = sample.text();
        if (!text.isBlank()
            && texts.stream().noneMatch(t -> SampledText.duplicates(text, t.text()))) {
          String whole = sample.prompt() + text;
          Set<String> repeated =
              known.stream().filter(whole::contains).collect(Collectors.toUnmodifiableSet());
          texts.add(
              new SampledText(
                  strategy.name(),
                  sample.prompt(),
                  text,
                  scores(model, sample, cancellation),
                  repeated));
        }
      }
    }
    int rankings = OWN_RANKINGS + references.size();
    int unscored = (int) texts.stream().filter(text -> text.scores().size() < rankings).count();
    return new Result(texts, sampled, sampler.failed(), unscored);
  }

  private Map<String, Double> scores(
      LikelihoodModel model, StrategySampler.Sampled sample, CancellationToken cancellation) {
    Map<String, Double> scores = new HashMap<>();
    try {
      LogProbs own = logProbs(model, sample.prompt(), sample.text(), cancellation);
      put(scores, "perplexity", -MembershipFormulas.logPerplexity(own));
      put(scores, "zlib", MembershipFormulas.zlibRatio(own, sample.text()));
      put(scores, "window", leastWindow(own));
      String lower = sample.text().toLowerCase(Locale.ROOT);
      LogProbs lowered = logProbs(model, sample.prompt(), lower, cancellation);
      put(scores, "lower case", MembershipFormulas.lowerCaseRatio(own, lowered));
      for (Map.Entry<String, LikelihoodModel> reference : references.entrySet()) {
        LogProbs other =
            logProbs(reference.getValue(), sample.prompt(), sample.text(), cancellation);
        put(scores, reference.getKey(), MembershipFormulas.referenceRatio(own, other));
      }
    } catch (ModelExecutionException | IllegalArgumentException e) {
      // A text that a model cannot score has no place in its rankings, which leave it out.
      return scores;
    }
    return scores;
  }

  private static void put(Map<String, Double> scores, String name, double value) {
    if (Double.isFinite(value)) {
      scores.put(name, value);
    }
  }

  private static LogProbs logProbs(
      LikelihoodModel model, String prompt, String text, CancellationToken cancellation) {
    return model
        .logProbabilities(List.of(Continuation.of(Prompt.text(prompt), text)), cancellation)
        .get(0)
        .logProbs();
  }

  private static double leastWindow(LogProbs text) {
    int window = Math.min(WINDOW, text.size());
    double sum = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < text.size(); i++) {
      sum += text.get(i) - (i >= window ? text.get(i - window) : 0);
      most = i >= window - 1 ? Math.max(most, sum) : most;
    }
    return most / window;
  }
}
