package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.factuality.SentenceSplitter;
import org.apiguardian.api.API;

/**
 * By n-grams (Manakul et al. 2023, section 5.4): the surprise of a sentence's tokens, in nats,
 * under an {@link NgramModel} of the samples and the passage itself, which keeps it finite. It
 * calls no model. Immutable and thread-safe.
 *
 * @param n length of the n-grams, at least 1
 * @param kind mean or greatest surprise
 * @param splitter how samples are cut into sentences
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record NgramCheck(int n, Kind kind, SentenceSplitter splitter) implements SentenceCheck {

  /** What becomes of the tokens' surprises. */
  public enum Kind {
    /** Their mean. */
    AVERAGE,
    /** The greatest. */
    MAX
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when n is below 1
   */
  public NgramCheck {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(splitter, "splitter");
    if (n < 1) {
      throw new IllegalArgumentException("n must be at least 1 but was " + n);
    }
  }

  /** Returns the mean surprise of n-grams, samples cut as English. */
  public static NgramCheck average(int n) {
    return new NgramCheck(n, Kind.AVERAGE, SentenceSplitter.english());
  }

  /** Returns the greatest surprise of n-grams, samples cut as English. */
  public static NgramCheck max(int n) {
    return new NgramCheck(n, Kind.MAX, SentenceSplitter.english());
  }

  @Override
  public String name() {
    String order = n == 1 ? "unigram" : n + "gram";
    return order + (kind == Kind.MAX ? "_max" : "_avg");
  }

  @Override
  public String id() {
    return name();
  }

  @Override
  public List<List<SentenceScore>> check(
      List<SampledPassage> passages, CancellationToken cancellation) {
    List<List<SentenceScore>> scores = new ArrayList<>();
    for (SampledPassage passage : passages) {
      cancellation.throwIfCancelled("n-gram check");
      List<String> texts = new ArrayList<>(passage.sentences());
      passage.samples().forEach(sample -> texts.addAll(splitter.sentences(sample)));
      NgramModel model = new NgramModel(n, texts);
      scores.add(
          passage.sentences().stream()
              .map(sentence -> score(model.surprises(sentence), passage.samples().size()))
              .toList());
    }
    return scores;
  }

  private SentenceScore score(double[] surprises, int samples) {
    OptionalDouble value =
        kind == Kind.MAX ? Arrays.stream(surprises).max() : Arrays.stream(surprises).average();
    return new SentenceScore(value, samples, value.isPresent() ? 0 : samples, Usage.NONE);
  }
}
