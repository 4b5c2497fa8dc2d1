package org.alignment4j.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Role;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.runtime.tokenizer.EncodingOutcome;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.alignment4j.runtime.tokenizer.PairTokens;
import org.alignment4j.runtime.tokenizer.PromptCompletionEncoder;
import org.apiguardian.api.API;

/**
 * A reward model of an ONNX file that another library exported: a sequence classifier with one
 * logit, which is the reward. Immutable. Safe for concurrent calls; {@link #close} waits for calls
 * in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OnnxRewardModel implements RewardModel, AutoCloseable {

  /** How prompt and answer are put together. */
  public enum Form {
    /**
     * The text of prompt and answer, with an end token; conversations by the chat template. So
     * decoders with a reward head are trained.
     */
    JOINED,
    /**
     * Prompt and answer as the tokenizer's pair of texts, so that {@code token_type_ids} tell them
     * apart; of a conversation of one message its content, of longer ones the chat template's text.
     * So encoders such as DeBERTa are trained.
     */
    PAIR
  }

  private final OnnxTextClassifier classifier;
  private final Form form;
  private final PromptCompletionEncoder encoder;

  private OnnxRewardModel(OnnxTextClassifier classifier, Form form) {
    this.classifier = classifier;
    this.form = form;
    HfTokenizer tokenizer = classifier.tokenizer();
    this.encoder =
        new PromptCompletionEncoder(
            tokenizer, classifier.chatTemplate(), !tokenizer.eosIds().isEmpty());
  }

  /**
   * Returns a classifier of one label as a reward model.
   *
   * @param classifier what scores; closed with the reward model
   * @param form how prompt and answer are put together
   * @return the reward model
   * @throws IllegalArgumentException when it has several labels
   */
  public static OnnxRewardModel of(OnnxTextClassifier classifier, Form form) {
    if (classifier.labels().size() != 1) {
      throw new IllegalArgumentException(
          "a reward model must have one label but has "
              + classifier.labels()
              + "; load it as OnnxTextClassifier");
    }
    return new OnnxRewardModel(classifier, form);
  }

  /**
   * Returns a classifier of one label as a reward model: prompt and answer are a pair where the
   * tokenizer puts a special token behind a text, as those of encoders do, and joined elsewhere.
   *
   * @param classifier what scores; closed with the reward model
   * @return the reward model
   * @throws IllegalArgumentException when it has several labels
   */
  public static OnnxRewardModel of(OnnxTextClassifier classifier) {
    HfTokenizer tokenizer = classifier.tokenizer();
    TokenIds sample = tokenizer.encodeWithSpecialTokens("a");
    boolean closed =
        !sample.isEmpty() && tokenizer.specialIds().contains(sample.get(sample.size() - 1));
    return of(classifier, closed ? Form.PAIR : Form.JOINED);
  }

  /**
   * Loads a folder.
   *
   * @param folder {@code config.json}, {@code tokenizer.json} and {@code model.onnx}, this also in
   *     a folder {@code onnx}
   * @param options where and how it runs
   * @return the reward model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException when a file is missing or damaged, or an input
   *     or output is not as {@link OnnxTextClassifier} says
   * @throws IllegalArgumentException when the model has several labels
   * @throws ModelExecutionException when the device does not work
   */
  public static OnnxRewardModel load(Path folder, ModelOptions options) {
    OnnxTextClassifier classifier = OnnxTextClassifier.load(folder, options);
    try {
      return of(classifier);
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  @Override
  public List<Reward> score(List<PromptCompletion> answers, CancellationToken cancellation) {
    List<PairTokens> sequences = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      PairTokens tokens = encode(answers.get(i), i);
      if (tokens.ids().size() > classifier.maxTokens()) {
        throw new IllegalArgumentException(
            "answers[%s] with its prompt must fit the context of %s tokens but has %s"
                .formatted(i, classifier.maxTokens(), tokens.ids().size()));
      }
      sequences.add(tokens);
    }
    List<Reward> rewards = new ArrayList<>();
    for (float[] logits : classifier.logits(sequences, cancellation)) {
      if (!Float.isFinite(logits[0])) {
        throw new ModelExecutionException(
            "a reward must be finite but that of answers["
                + rewards.size()
                + "] was "
                + logits[0]
                + "; look at the model's weights");
      }
      rewards.add(Reward.of(logits[0]));
    }
    return rewards;
  }

  private PairTokens encode(PromptCompletion answer, int index) {
    if (form == Form.PAIR) {
      return classifier.tokenizer().encodePair(first(answer.prompt()), answer.completion());
    }
    EncodingOutcome outcome = encoder.tryEncode(answer);
    if (outcome instanceof EncodingOutcome.Dropped && answer.prompt() instanceof Prompt.Text text) {
      // A text whose boundary lies within a token is scored whole: a score needs no boundary.
      outcome = encoder.tryEncode("", text.text() + answer.completion());
    }
    if (outcome instanceof EncodingOutcome.Encoded encoded) {
      return PairTokens.single(encoded.tokens().ids());
    }
    throw new IllegalArgumentException(
        "answers[" + index + "]: " + ((EncodingOutcome.Dropped) outcome).reason());
  }

  private String first(Prompt prompt) {
    if (prompt instanceof Prompt.Text text) {
      return text.text();
    }
    if (prompt instanceof Prompt.Tokens tokens) {
      return classifier.tokenizer().decode(tokens.ids());
    }
    Prompt.Chat chat = (Prompt.Chat) prompt;
    return chat.messages().size() == 1 && chat.last().role() == Role.USER
        ? chat.last().content()
        : classifier.chatTemplate().promptText(chat.messages());
  }

  /** How prompt and answer are put together. */
  public Form form() {
    return form;
  }

  /** The hash of everything that decides this model's rewards. */
  @Override
  public String id() {
    return classifier.id() + " " + form;
  }

  /** What scores, open as long as this is. */
  public OnnxTextClassifier classifier() {
    return classifier;
  }

  /** Frees the model once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    classifier.close();
  }
}
