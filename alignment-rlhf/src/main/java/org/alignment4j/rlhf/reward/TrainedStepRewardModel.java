package org.alignment4j.rlhf.reward;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.StepwiseSolution;
import org.alignment4j.rlhf.data.StepTokens;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * A process reward model with weights in this process: a decoder with a head of one number, read at
 * the last token of each step, whose sigmoid is the probability that the step is correct. Immutable
 * and safe for concurrent calls; {@link #close} waits for calls in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainedStepRewardModel implements TokenizedStepRewardModel, AutoCloseable {

  private final SequenceClassifier classifier;
  private final PromptCompletionEncoder encoder;
  private final String separator;

  private TrainedStepRewardModel(SequenceClassifier classifier, String separator) {
    this.classifier = classifier;
    this.separator = separator;
    this.encoder =
        new PromptCompletionEncoder(classifier.tokenizer(), classifier.chatTemplate(), false);
  }

  /**
   * Returns a classifier of one label as a process reward model.
   *
   * @param classifier what scores, with a tokenizer; closed with the reward model
   * @param separator what ended steps in training
   * @return the reward model
   * @throws IllegalArgumentException when it has several labels or the separator is empty
   * @throws IllegalStateException when it has no tokenizer
   */
  public static TrainedStepRewardModel of(SequenceClassifier classifier, String separator) {
    if (classifier.labels() != 1) {
      throw new IllegalArgumentException(
          "a process reward model must have one label but " + classifier.labels() + " were given");
    }
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("separator must not be empty");
    }
    return new TrainedStepRewardModel(classifier, separator);
  }

  /**
   * Loads a folder.
   *
   * @param folder {@code config.json}, safetensors and {@code tokenizer.json}
   * @param separator what ended steps in training
   * @param options where and how it runs
   * @return the reward model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException when a file is missing, damaged or does not fit
   *     the others, or the folder holds another kind of model
   * @throws IllegalArgumentException when the model has several labels
   * @throws ModelExecutionException when the device does not work
   */
  public static TrainedStepRewardModel load(Path folder, String separator, ModelOptions options) {
    SequenceClassifier classifier = SequenceClassifier.load(folder, options);
    try {
      return of(classifier, separator);
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  /**
   * Scores every step of every answer.
   *
   * @throws IllegalArgumentException when an answer does not fit the context, its prompt has tokens
   *     beyond the vocabulary or a step contains the separator, naming its index
   */
  @Override
  public List<double[]> scoreSteps(
      List<StepwiseSolution> solutions, CancellationToken cancellation) {
    List<TokenIds> prefixes = new ArrayList<>();
    for (int i = 0; i < solutions.size(); i++) {
      StepTokens tokens = encode(solutions.get(i), i);
      tokens.ends().forEach(end -> prefixes.add(tokens.ids().slice(0, end + 1)));
    }
    List<float[]> scores = classifier.scores(prefixes, cancellation);
    List<double[]> all = new ArrayList<>();
    int next = 0;
    for (StepwiseSolution solution : solutions) {
      double[] steps = new double[solution.steps().size()];
      for (int k = 0; k < steps.length; k++) {
        float score = scores.get(next++)[0];
        if (!Float.isFinite(score)) {
          throw new ModelExecutionException(
              "a score must be finite but that of step %s of solutions[%s] was %s; look at the model's"
                      .formatted(k, all.size(), score)
                  + " weights");
        }
        steps[k] = 1 / (1 + Math.exp(-score));
      }
      all.add(steps);
    }
    return all;
  }

  private StepTokens encode(StepwiseSolution solution, int index) {
    StepTokens.problem(solution, separator)
        .ifPresent(
            problem -> {
              throw new UnreadableSolutionException(index, problem);
            });
    StepTokens tokens = StepTokens.encode(solution, encoder, classifier.tokenizer(), separator);
    ReadableTokens.problem(classifier, tokens.ids())
        .ifPresent(
            problem -> {
              throw new UnreadableSolutionException(index, problem);
            });
    return tokens;
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return List.of(classifier.tokenizer());
  }

  /**
   * Saves as a Hugging Face folder in float32, with the tokenizer's files; an adapter is added to
   * the weights. The separator is not saved.
   *
   * @param folder created if absent; files in it are replaced one by one, each whole or not at all
   * @throws org.alignment4j.api.CheckpointException when a file cannot be written
   */
  public void save(Path folder) {
    classifier.save(folder);
  }

  @Override
  public String id() {
    return classifier.id();
  }

  /**
   * Returns what scores.
   *
   * @return the classifier, open as long as this is
   */
  public SequenceClassifier classifier() {
    return classifier;
  }

  /**
   * Returns what ends steps.
   *
   * @return text at whose last token steps are scored
   */
  public String separator() {
    return separator;
  }

  /** Frees the model once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    classifier.close();
  }
}
