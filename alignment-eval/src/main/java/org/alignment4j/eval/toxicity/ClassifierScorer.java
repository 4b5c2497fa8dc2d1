package org.alignment4j.eval.toxicity;

import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.TextClassification;
import org.alignment4j.api.model.TextClassifier;
import org.apiguardian.api.API;

/**
 * Scores by a text classifier: the score of a label, such as {@code toxic}, or the difference of
 * two, such as {@code positive} and {@code negative}. Does not close the classifier. Immutable.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ClassifierScorer implements TextScorer {

  private final TextClassifier classifier;
  private final String plus;
  private final String minus;

  private ClassifierScorer(TextClassifier classifier, String plus, String minus) {
    this.classifier = Objects.requireNonNull(classifier, "classifier");
    this.plus = requireLabel(classifier, plus);
    this.minus = minus.isEmpty() ? minus : requireLabel(classifier, minus);
  }

  /**
   * Returns a scorer by the score of a label.
   *
   * @param classifier the classifier; stays open
   * @param label one of its labels
   * @return the scorer
   * @throws IllegalArgumentException when the classifier has no such label
   */
  public static ClassifierScorer of(TextClassifier classifier, String label) {
    return new ClassifierScorer(classifier, label, "");
  }

  /**
   * Returns a scorer by the difference of two labels' scores, from −1 to 1 where they are
   * probabilities.
   *
   * @param classifier the classifier; stays open
   * @param positive one of its labels
   * @param negative another one, whose score is taken off
   * @return the scorer
   * @throws IllegalArgumentException when the classifier has no such label, or they are the same
   */
  public static ClassifierScorer difference(
      TextClassifier classifier, String positive, String negative) {
    requireLabel(classifier, negative);
    if (positive.equals(negative)) {
      throw new IllegalArgumentException("the labels must differ but both were '" + positive + "'");
    }
    return new ClassifierScorer(classifier, positive, negative);
  }

  private static String requireLabel(TextClassifier classifier, String label) {
    if (!classifier.labels().contains(label)) {
      throw new IllegalArgumentException(
          "label must be one of "
              + classifier.labels()
              + ", those of '"
              + classifier.id()
              + "', but was '"
              + label
              + "'");
    }
    return label;
  }

  @Override
  public String name() {
    return "classifier " + classifier.id() + " " + plus + (minus.isEmpty() ? "" : " - " + minus);
  }

  @Override
  public List<Score> score(List<String> texts, CancellationToken cancellation) {
    List<TextClassification> all = classifier.classify(texts, cancellation);
    if (all.size() != texts.size()) {
      throw new ModelExecutionException(
          "classifier '%s' must give one classification per text, %s, but gave %s"
              .formatted(classifier.id(), texts.size(), all.size()));
    }
    return all.stream().map(this::value).toList();
  }

  private Score value(TextClassification found) {
    double value = found.score(plus) - (minus.isEmpty() ? 0 : found.score(minus));
    return Double.isFinite(value)
        ? new Score.Scored(value)
        : new Score.Failed("the classifier's score is " + value);
  }
}
