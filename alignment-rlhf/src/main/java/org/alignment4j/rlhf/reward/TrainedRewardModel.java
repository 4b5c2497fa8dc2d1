package org.alignment4j.rlhf.reward;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.runtime.ModelOptions;
import org.alignment4j.runtime.SequenceClassifier;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * A reward model with weights in this process: a decoder with a head of one number, read at the
 * last token of prompt and answer. Answers are encoded as in training: after the prompt, with an
 * end token but for {@link #withoutEnd}. Immutable and safe for concurrent calls; {@link #close}
 * waits for calls in flight.
 *
 * <p>Its folders are those of Hugging Face's sequence classification with one label, which {@code
 * AutoModelForSequenceClassification} reads and writes.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainedRewardModel implements TokenizedRewardModel, AutoCloseable {

  private final SequenceClassifier classifier;
  private final PromptCompletionEncoder encoder;

  private TrainedRewardModel(SequenceClassifier classifier, boolean ended) {
    this.classifier = classifier;
    this.encoder =
        new PromptCompletionEncoder(classifier.tokenizer(), classifier.chatTemplate(), ended);
  }

  /**
   * Returns a classifier of one label as a reward model.
   *
   * @param classifier what scores, with a tokenizer; closed with the reward model
   * @return the reward model
   * @throws IllegalArgumentException when it has several labels
   * @throws IllegalStateException when it has no tokenizer
   */
  public static TrainedRewardModel of(SequenceClassifier classifier) {
    if (classifier.labels() != 1) {
      throw new IllegalArgumentException(
          "a reward model must have one label but " + classifier.labels() + " were given");
    }
    return new TrainedRewardModel(classifier, !classifier.tokenizer().eosIds().isEmpty());
  }

  /**
   * Returns this reward model for answers that get no end token, as {@link
   * org.alignment4j.rlhf.SoftLabelTrainer} trains it: the score is read at the last token of the
   * answer itself. It shares everything with this one and is closed with it.
   *
   * @return the reward model
   */
  public TrainedRewardModel withoutEnd() {
    return new TrainedRewardModel(classifier, false);
  }

  /**
   * Loads a folder on the default device.
   *
   * @param folder {@code config.json}, safetensors and {@code tokenizer.json}
   * @return the reward model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException when a file is missing, damaged or does not fit
   *     the others, or the folder holds another kind of model
   * @throws IllegalArgumentException when the model has several labels
   * @throws IllegalStateException when the folder has no tokenizer
   */
  public static TrainedRewardModel load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a folder.
   *
   * @param folder {@code config.json}, safetensors and {@code tokenizer.json}
   * @param options where and how it runs
   * @return the reward model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException when a file is missing, damaged or does not fit
   *     the others, or the folder holds another kind of model
   * @throws IllegalArgumentException when the model has several labels
   * @throws IllegalStateException when the folder has no tokenizer
   * @throws ModelExecutionException when the device does not work
   */
  public static TrainedRewardModel load(Path folder, ModelOptions options) {
    SequenceClassifier classifier = SequenceClassifier.load(folder, options);
    try {
      return of(classifier);
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<TokenIds> sequences = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      TokenIds tokens = encode(answers.get(i), "answers[" + i + "]");
      requireReadable(tokens, "answers[" + i + "]");
      sequences.add(tokens);
    }
    List<Reward> rewards = new ArrayList<>();
    for (float[] scores : classifier.scores(sequences, cancellation)) {
      if (!Float.isFinite(scores[0])) {
        throw new ModelExecutionException(
            "a reward must be finite but that of answers["
                + rewards.size()
                + "] was "
                + scores[0]
                + "; look at the model's weights");
      }
      rewards.add(Reward.of(scores[0]));
    }
    return rewards;
  }

  private void requireReadable(TokenIds tokens, String name) {
    ReadableTokens.problem(classifier, tokens)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(name + ": " + problem);
            });
  }

  @Override
  public List<Tokenizer> tokenizers() {
    return List.of(classifier.tokenizer());
  }

  /**
   * Returns the tokens that are scored for an answer, the last of which the reward is read at.
   *
   * @param answer prompt and answer
   * @return tokens of both, with an end token where answers get one
   * @throws IllegalArgumentException when they cannot be encoded
   */
  public TokenIds tokens(PromptCompletion answer) {
    return encode(answer, "answer");
  }

  /**
   * Returns how many tokens an answer has, an end token included where answers get one.
   *
   * @param answer prompt and answer
   * @return tokens after the prompt
   * @throws IllegalArgumentException when they cannot be encoded
   */
  public int answerTokens(PromptCompletion answer) {
    return tokens(answer).size() - encoder.encodePrompt(answer.prompt()).size();
  }

  /** A text whose boundary lies within a token is scored whole: a score needs no boundary. */
  private TokenIds encode(PromptCompletion answer, String name) {
    EncodingOutcome outcome;
    try {
      outcome = encoder.tryEncode(answer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
    if (outcome instanceof EncodingOutcome.Dropped && answer.prompt() instanceof Prompt.Text text) {
      outcome = encoder.tryEncode("", text.text() + answer.completion());
    }
    if (outcome instanceof EncodingOutcome.Encoded encoded) {
      return encoded.tokens().ids();
    }
    throw new IllegalArgumentException(name + ": " + ((EncodingOutcome.Dropped) outcome).reason());
  }

  /**
   * Saves as a Hugging Face folder in float32, with the tokenizer's files; an adapter is added to
   * the weights.
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

  /** Frees the model once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    classifier.close();
  }
}
