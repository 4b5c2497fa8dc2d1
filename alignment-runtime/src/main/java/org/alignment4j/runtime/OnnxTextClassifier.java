package org.alignment4j.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.TextClassification;
import org.alignment4j.api.model.TextClassifier;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.alignment4j.runtime.onnx.ClassifierConfig.Problem;
import org.alignment4j.runtime.onnx.ModelFiles;
import org.alignment4j.runtime.onnx.OnnxClassifier;
import org.alignment4j.runtime.session.OpenCalls;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.tokenizer.HfTokenizer;
import org.alignment4j.runtime.tokenizer.PairTokens;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A sequence classifier of an ONNX file that another library exported, of whatever architecture:
 * toxicity, sentiment, entailment. Files are those of Optimum's task {@code text-classification}.
 *
 * <p>Inputs are {@code input_ids}, {@code attention_mask} and, where the file has them, {@code
 * token_type_ids} and {@code position_ids}; the output is {@code logits [batch, labels]}, float32,
 * float16 or bfloat16. Labels are those of {@code id2label}. By {@code problem_type} the scores are
 * their softmax ({@code single_label_classification}), the sigmoid of each ({@code
 * multi_label_classification}) or themselves ({@code regression}). Where it is not given, several
 * labels get a softmax and one a sigmoid, as in Hugging Face's pipeline.
 *
 * <p>Immutable. Safe for concurrent calls; {@link #close} waits for calls in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OnnxTextClassifier implements TextClassifier, AutoCloseable {

  /** What tokenizers say that have no limit is a power of ten. */
  private static final double NO_LIMIT = 1e6;

  private final OnnxClassifier classifier;
  private final SharedTokenizer tokenizer;
  private final ChatTemplate template;
  private final int maxTokens;
  private final @Nullable Integer pad;
  private final OpenCalls calls = new OpenCalls();
  private final Supplier<String> id;

  private OnnxTextClassifier(
      OnnxClassifier classifier, SharedTokenizer tokenizer, ChatTemplate template, Path folder) {
    this.classifier = classifier;
    this.tokenizer = tokenizer;
    this.template = template;
    this.maxTokens =
        Math.min(
            Math.min(classifier.maxTokens(), classifier.config().maxTokens()), tokenLimit(folder));
    Integer named = classifier.config().padTokenId();
    this.pad =
        named == null && tokenizer.get().padId().isPresent()
            ? Integer.valueOf(tokenizer.get().padId().getAsInt())
            : named;
    ContentHash textHash = TextFiles.read(folder).hash();
    this.id =
        com.google.common.base.Suppliers.memoize(
            () ->
                ContentHash.of(
                        String.join(
                            "\n",
                            ModelFiles.hash(classifier.files()),
                            classifier.config().toString(),
                            textHash.toString(),
                            maxTokens + " " + pad))
                    .toString());
  }

  /** The tokenizer's own limit, which may be below the model's. */
  private static int tokenLimit(Path folder) {
    Path file = folder.resolve("tokenizer_config.json");
    if (!Files.isRegularFile(file)) {
      return Integer.MAX_VALUE;
    }
    double limit = ConfigJson.read(file).number("model_max_length", NO_LIMIT);
    return limit >= 1 && limit < NO_LIMIT ? (int) limit : Integer.MAX_VALUE;
  }

  /**
   * Loads a folder on the default device.
   *
   * @param folder {@code config.json}, {@code tokenizer.json} and {@code model.onnx}, this also in
   *     a folder {@code onnx}
   * @return the classifier, which the caller closes
   * @throws org.alignment4j.api.CheckpointException if a file is missing or damaged, or an input or
   *     output is not as said above
   */
  public static OnnxTextClassifier load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a folder.
   *
   * @param folder {@code config.json}, {@code tokenizer.json} and {@code model.onnx}, this also in
   *     a folder {@code onnx}
   * @param options where and how it runs
   * @return the classifier, which the caller closes
   * @throws org.alignment4j.api.CheckpointException if a file is missing or damaged, or an input or
   *     output is not as said above
   * @throws ModelExecutionException if the device does not work
   */
  public static OnnxTextClassifier load(Path folder, ModelOptions options) {
    OrtRuntime runtime = OrtRuntime.create(options.device(), options.threads());
    OnnxClassifier classifier = OnnxClassifier.open(runtime, folder);
    SharedTokenizer tokenizer = null;
    try {
      int vocab =
          ConfigJson.read(folder.resolve("config.json")).size("vocab_size", Integer.MAX_VALUE);
      tokenizer = SharedTokenizer.load(folder, vocab);
      return new OnnxTextClassifier(classifier, tokenizer, ChatTemplate.load(folder), folder);
    } catch (RuntimeException e) {
      classifier.close();
      if (tokenizer != null) {
        tokenizer.release();
      }
      throw e;
    }
  }

  /**
   * Classifies texts, each by itself. Texts longer than the context lose their end.
   *
   * @param texts may be empty
   * @param cancellation checked before every batch
   * @return one classification per text, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails or a logit is not a number
   * @throws IllegalStateException if this classifier is closed
   */
  @Override
  public List<TextClassification> classify(List<String> texts, CancellationToken cancellation) {
    return calls.call(
        () -> {
          List<PairTokens> sequences = new ArrayList<>();
          int[] truncated = new int[texts.size()];
          for (int i = 0; i < truncated.length; i++) {
            TokenIds whole = tokenizer.get().encodeWithSpecialTokens(texts.get(i));
            TokenIds fitting = fitting(whole, texts.get(i));
            truncated[i] = whole.size() - fitting.size();
            sequences.add(PairTokens.single(fitting));
          }
          List<TextClassification> all = new ArrayList<>();
          for (float[] logits : run(sequences, cancellation)) {
            int i = all.size();
            all.add(new TextClassification(labels(), scores(logits, i), truncated[i]));
          }
          return all;
        });
  }

  /**
   * Classifies one text.
   *
   * @param text what to classify
   * @return the classification
   * @throws ModelExecutionException when the model fails or a logit is not a number
   * @throws IllegalStateException if this classifier is closed
   */
  public TextClassification classify(String text) {
    return classify(List.of(text), CancellationToken.none()).get(0);
  }

  /** Tokens cut from the end of the text, the special tokens around it kept. */
  private TokenIds fitting(TokenIds whole, String text) {
    if (whole.size() <= maxTokens) {
      return whole;
    }
    TokenIds body = tokenizer.get().encode(text);
    int added = whole.size() - body.size();
    int front = 0;
    while (front < added && !whole.slice(front, front + body.size()).equals(body)) {
      front++;
    }
    TokenIds behind = whole.slice(front + body.size(), whole.size());
    int kept = Math.max(0, maxTokens - front - behind.size());
    TokenIds cut = whole.slice(0, front + kept).concat(behind);
    return cut.slice(0, Math.min(cut.size(), maxTokens));
  }

  /**
   * The logits of sequences, each by itself.
   *
   * @param sequences tokens with their types
   * @param cancellation checked before every batch
   * @return of each sequence one logit for each label, in order
   * @throws IllegalArgumentException if a sequence is empty or longer than {@link #maxTokens}
   *     (naming its index)
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws ModelExecutionException when the model fails
   * @throws IllegalStateException if this classifier is closed
   */
  public List<float[]> logits(List<PairTokens> sequences, CancellationToken cancellation) {
    return calls.call(() -> run(sequences, cancellation));
  }

  private List<float[]> run(List<PairTokens> sequences, CancellationToken cancellation) {
    for (int i = 0; i < sequences.size(); i++) {
      int size = sequences.get(i).ids().size();
      if (size < 1 || size > maxTokens) {
        throw new IllegalArgumentException(
            "sequences[%s] must have from 1 to %s tokens, the model's context, but has %s"
                .formatted(i, maxTokens, size));
      }
    }
    return classifier.logits(sequences, pad, cancellation);
  }

  private List<Double> scores(float[] logits, int text) {
    for (float logit : logits) {
      if (Float.isNaN(logit)) {
        throw new ModelExecutionException(
            "logits must be numbers but those of texts["
                + text
                + "] are "
                + Arrays.toString(logits)
                + "; look at the model's weights");
      }
    }
    List<Double> scores = new ArrayList<>();
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    for (float logit : logits) {
      scores.add(
          switch (problem()) {
            case SINGLE_LABEL -> Math.exp(logit - most) / sum;
            case MULTI_LABEL -> 1 / (1 + Math.exp(-(double) logit));
            case REGRESSION -> (double) logit;
          });
    }
    return scores;
  }

  /** Name of each label, in the order of the logits. */
  @Override
  public List<String> labels() {
    return classifier.config().labels();
  }

  /** What the logits mean. */
  public Problem problem() {
    return classifier.config().problem();
  }

  /** Most tokens of a sequence, special ones included. */
  public int maxTokens() {
    return maxTokens;
  }

  /** The tokenizer, open as long as this is. */
  public HfTokenizer tokenizer() {
    return tokenizer.get();
  }

  /** How conversations become text. */
  public ChatTemplate chatTemplate() {
    return template;
  }

  /**
   * The hash of everything that decides this classifier's scores; computed from all files the first
   * time.
   */
  @Override
  public String id() {
    return id.get();
  }

  /** Frees the model once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    calls.close(
        () -> {
          classifier.close();
          tokenizer.release();
        });
  }
}
