package org.alignment4j.eval.record;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.evaluation.Score;
import org.alignment4j.api.model.Usage;
import org.apiguardian.api.API;

/**
 * All that is kept of a finished sample: what was asked, what came back, what it was worth.
 *
 * @param sampleId the sample
 * @param cluster the sample's cluster
 * @param prompt what the model was asked, as text for a reader
 * @param choices answers to choose from; empty for a free answer
 * @param targets right answers
 * @param metadata what else the data file says, by field
 * @param texts texts the model generated; empty when likelihoods answer or there is no answer
 * @param likelihoods how likely the model found each choice; empty when texts answer or there is no
 *     answer
 * @param scores a score by metric name
 * @param usage what the answer cost
 * @param scoring what models that the scorer asked cost, by role; empty when it asked none
 * @param error why there is no answer or no score, as kind and message; empty when all went well
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SampleRecord(
    String sampleId,
    String cluster,
    String prompt,
    List<String> choices,
    List<String> targets,
    Map<String, String> metadata,
    List<RecordedText> texts,
    List<RecordedLikelihood> likelihoods,
    Map<String, Score> scores,
    Usage usage,
    Map<String, Usage> scoring,
    String error) {

  /** Checks that nothing is missing, and copies. */
  public SampleRecord {
    Objects.requireNonNull(sampleId, "sampleId");
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(usage, "usage");
    Objects.requireNonNull(error, "error");
    choices = List.copyOf(choices);
    targets = List.copyOf(targets);
    metadata = ImmutableMap.copyOf(metadata);
    texts = List.copyOf(texts);
    likelihoods = List.copyOf(likelihoods);
    scores = ImmutableMap.copyOf(scores);
    scoring = ImmutableMap.copyOf(scoring);
  }

  /**
   * Returns the record of a sample that was answered and scored; a score that failed makes it a
   * failed one.
   *
   * @param sample what was asked
   * @param answer what the model gave
   * @param scores a score by metric name
   * @param scoring what the scorer's models cost, by role
   */
  public static SampleRecord answered(
      Sample sample, Answer answer, Map<String, Score> scores, Map<String, Usage> scoring) {
    String error =
        scores.values().stream()
            .filter(Score.Failed.class::isInstance)
            .map(score -> ((Score.Failed) score).error())
            .findFirst()
            .orElse("");
    return of(sample, answer, scores, scoring, error);
  }

  /** Returns the record of a sample that was answered, and scored without asking a model. */
  public static SampleRecord answered(Sample sample, Answer answer, Map<String, Score> scores) {
    return answered(sample, answer, scores, Map.of());
  }

  /**
   * Returns the record of a sample that failed.
   *
   * @param answer what there was of an answer; {@link #NO_ANSWER} when the model gave none
   * @param metrics the metrics that have no value for it
   * @param error what happened, as kind and message
   * @param scoring what the scorer's models cost before it failed, by role
   */
  public static SampleRecord failed(
      Sample sample,
      Answer answer,
      List<String> metrics,
      String error,
      Map<String, Usage> scoring) {
    ImmutableMap.Builder<String, Score> scores = ImmutableMap.builder();
    metrics.forEach(metric -> scores.put(metric, new Score.Failed(error)));
    return of(sample, answer, scores.buildOrThrow(), scoring, error);
  }

  /** Returns the record of a sample that failed before its scorer asked a model. */
  public static SampleRecord failed(
      Sample sample, Answer answer, List<String> metrics, String error) {
    return failed(sample, answer, metrics, error, Map.of());
  }

  /** No text and no likelihood, at no cost. */
  public static final Answer NO_ANSWER = new Answer(List.of(), List.of(), Usage.NONE);

  private static SampleRecord of(
      Sample sample,
      Answer answer,
      Map<String, Score> scores,
      Map<String, Usage> scoring,
      String error) {
    return new SampleRecord(
        sample.id(),
        sample.cluster(),
        PromptText.of(sample.prompt()),
        sample.choices(),
        sample.targets(),
        sample.metadata(),
        answer.completions().stream().map(RecordedText::of).toList(),
        answer.choiceScores().stream().map(RecordedLikelihood::of).toList(),
        scores,
        answer.usage(),
        scoring,
        error);
  }

  /** Whether the sample has no answer or lacks a score because a call failed. */
  public boolean failed() {
    return !error.isEmpty();
  }

  /** Returns what a benchmark estimates from. */
  public SampleResult result() {
    return new SampleResult(sampleId, cluster, scores, metadata);
  }
}
