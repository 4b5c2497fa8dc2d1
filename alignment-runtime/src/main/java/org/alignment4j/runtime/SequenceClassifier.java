package org.alignment4j.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.architecture.OutputHead;
import org.alignment4j.runtime.architecture.OutputHead.SequenceScores;
import org.alignment4j.runtime.checkpoint.CheckpointFolder;
import org.alignment4j.runtime.checkpoint.CheckpointWriter;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.DType;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.onnx.ClassifierExport;
import org.alignment4j.runtime.onnx.DecoderExport;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.onnx.OnnxFolder;
import org.alignment4j.runtime.score.SequenceScorer;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.train.LoraAdapter;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A decoder that scores whole sequences: Hugging Face's {@code …ForSequenceClassification}, of
 * which a reward model has one label. The scores are {@code W·h} with the head {@code W} ({@code
 * score.weight}, {@code [labels, hiddenSize]}, no bias) and the normalised residual stream {@code
 * h} at the sequence's last token that is not the configuration's padding token.
 *
 * <p>An immutable value; training gives new ones that share what did not change. Safe for
 * concurrent calls; {@link #close} waits for calls in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SequenceClassifier implements Model, AutoCloseable {

  private final ModelParts parts;
  private final Supplier<String> id;

  private SequenceClassifier(ModelParts parts) {
    this.parts = parts;
    this.id = com.google.common.base.Suppliers.memoize(this::computeId);
  }

  /**
   * Loads a folder that {@code save_pretrained} of a sequence classifier, or {@link #save}, wrote.
   *
   * @param folder {@code config.json}, safetensors and, to read text, {@code tokenizer.json}
   * @param options where and how it runs
   * @return the classifier, which the caller closes
   * @throws org.alignment4j.api.CheckpointException if a file is missing, damaged or does not fit
   *     the others, or the folder holds another kind of model
   * @throws org.alignment4j.api.CancelledException if the thread is interrupted, whose flag stays
   *     set
   * @throws org.alignment4j.api.ModelExecutionException if the device does not work
   */
  public static SequenceClassifier load(Path folder, ModelOptions options) {
    CheckpointFolder checkpoint = CheckpointFolder.open(folder);
    Architecture architecture = DecoderFamilies.read(checkpoint);
    if (!(architecture.head() instanceof SequenceScores)) {
      throw checkpoint
          .config()
          .error(
              "architectures",
              "a sequence classifier must be of a class that ends with ForSequenceClassification"
                  + " but architectures was "
                  + checkpoint.config().strings("architectures")
                  + "; load a language model as DecoderModel");
    }
    Weights weights = architecture.adopt(options.read(checkpoint, architecture));
    TextFiles texts = TextFiles.read(folder);
    ModelSource source = new ModelSource(checkpoint.config(), null, texts);
    Path tokenizer = texts.hasTokenizer() ? folder : null;
    return new SequenceClassifier(
        ModelParts.load(source, tokenizer, architecture, weights, options));
  }

  /**
   * Puts a head on a language model's decoder. An adapter the model has is added to the weights;
   * its own head is left out.
   *
   * <p>The padding token of the new configuration is never one that ends sequences: Hugging Face
   * looks for the last token that is not padding and would read the score before the end token
   * otherwise. Where the tokenizer has no other, the configuration names none, and Hugging Face
   * takes one sequence at a time.
   *
   * @param base the language model; left as it is, and may be closed
   * @param head {@code [labels, embeddingSize]}, under any name
   * @return the classifier, which the caller closes
   * @throws IllegalArgumentException if the head has another width
   * @throws IllegalStateException if the model is closed
   */
  public static SequenceClassifier of(DecoderModel base, WeightTensor head) {
    return base.instance().call(() -> ofOpen(base, base.parts().merged(), head));
  }

  /**
   * Puts a head on a language model's decoder as {@link #of} does, but keeps an adapter that the
   * model has over its weights, to be trained further.
   *
   * @param base the language model; left as it is, and may be closed
   * @param head {@code [labels, embeddingSize]}, under any name
   * @return the classifier, which the caller closes
   * @throws IllegalArgumentException if the head has another width
   * @throws IllegalStateException if the model is closed
   */
  public static SequenceClassifier adapted(DecoderModel base, WeightTensor head) {
    return base.instance()
        .call(
            () -> {
              SequenceClassifier plain = ofOpen(base, base.weights(), head);
              LoraAdapter adapter = base.adapter();
              if (adapter == null) {
                return plain;
              }
              try (plain) {
                Map<String, String> names = plain.architecture().decoderNames(base.architecture());
                return plain.with(plain.weights(), adapter.renamed(names));
              }
            });
  }

  private static SequenceClassifier ofOpen(DecoderModel base, Weights decoder, WeightTensor head) {
    ConfigJson config =
        padded(
            DecoderFamilies.classification(base.source().config(), labels(base, head)),
            base.eosTokenIds(),
            base.parts().optionalTokenizer());
    Architecture architecture = DecoderFamilies.read(config, null, Set.of());
    Weights weights =
        architecture
            .decoderOf(decoder, base.architecture())
            .with(new WeightTensor(SequenceScores.WEIGHT, head.shape(), head.data()));
    ModelSource source = new ModelSource(config, null, base.source().texts());
    return new SequenceClassifier(base.parts().withHead(source, architecture, weights));
  }

  private static int labels(DecoderModel base, WeightTensor head) {
    long[] shape = head.shape();
    int hidden = base.architecture().config().embeddingSize();
    if (shape.length != 2 || shape[0] < 1 || shape[1] != hidden) {
      throw new IllegalArgumentException(
          "head must have the shape [labels, "
              + hidden
              + "] but has "
              + java.util.Arrays.toString(shape));
    }
    return Math.toIntExact(shape[0]);
  }

  private static ConfigJson padded(
      ConfigJson config, Set<Integer> eos, @Nullable Tokenizer tokenizer) {
    Integer pad = paddingToken(config);
    if (pad == null && tokenizer != null && tokenizer.padId().isPresent()) {
      pad = tokenizer.padId().getAsInt();
    }
    return pad == null || eos.contains(pad)
        ? config.without("pad_token_id")
        : config.with("pad_token_id", pad);
  }

  /** The padding token of a configuration; early Llama checkpoints say -1 for none. */
  private static @Nullable Integer paddingToken(ConfigJson config) {
    Integer pad = config.integer("pad_token_id");
    return pad == null || pad < 0 ? null : pad;
  }

  /**
   * This classifier with other weights and perhaps an adapter, in place of those it has.
   *
   * @param newWeights every parameter of the architecture
   * @param newAdapter the adapter, or null for none
   * @return a new classifier, which the caller closes; this one is unchanged
   * @throws org.alignment4j.api.CheckpointException if the weights do not fit the architecture
   * @throws IllegalArgumentException if the adapter does not fit the weights
   * @throws IllegalStateException if this classifier is closed
   */
  public SequenceClassifier with(Weights newWeights, @Nullable LoraAdapter newAdapter) {
    Weights adopted = architecture().adopt(newWeights);
    if (newAdapter != null) {
      AdapterFit.check(newAdapter, adopted, architecture().config().linear());
    }
    return new SequenceClassifier(parts.with(adopted, newAdapter));
  }

  /**
   * Scores sequences, each by itself: what else is scored changes a score by rounding only (1e-5).
   *
   * @param sequences tokens; may be empty, but no sequence may be
   * @param cancellation checked before every batch
   * @return for each sequence its scores, one for each label
   * @throws IllegalArgumentException if a sequence is empty, longer than the context, or has a
   *     token outside the vocabulary (naming its index)
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   * @throws IllegalStateException if this classifier is closed
   */
  public List<float[]> scores(List<TokenIds> sequences, CancellationToken cancellation) {
    Integer pad = paddingToken(config());
    DecoderInstance instance = instance();
    return instance.call(
        () -> new SequenceScorer(instance, pad == null ? -1 : pad).score(sequences, cancellation));
  }

  /**
   * Saves as a Hugging Face folder in float32, with the tokenizer's files as they were when the
   * model was loaded; an adapter is added to the weights.
   *
   * @param folder created if absent; files in it are replaced one by one, each whole or not at all,
   *     and those of another model's tokenizer, chat template or generation removed
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void save(Path folder) {
    CheckpointWriter.save(
        folder, config(), null, parts.source().texts(), parts.merged(), DType.F32);
  }

  /**
   * Writes this classifier as a folder with {@code model.onnx} for other runtimes, in the layout of
   * Optimum, beside configuration and tokenizer.
   *
   * @param folder created if absent; no file in it is ever half written
   * @throws IllegalStateException if this classifier is closed or quantised
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void exportOnnx(Path folder) {
    exportOnnx(folder, OnnxExportOptions.defaults());
  }

  /**
   * Writes this classifier as a folder with {@code model.onnx} for other runtimes, in the layout of
   * Optimum, beside configuration and tokenizer; {@link OnnxTextClassifier} and, of one label,
   * {@link OnnxRewardModel} load it. An adapter is added to the weights. The file has operators of
   * the ONNX standard only; see {@link ClassifierExport} for what it takes and gives.
   *
   * @param folder created if absent; no file in it is ever half written, an older {@code
   *     model.onnx} is removed before the files it may refer to are replaced, and so are files of
   *     another model's tokenizer, chat template or generation
   * @param options where parameters go
   * @throws IllegalStateException if this classifier is closed or quantised
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void exportOnnx(Path folder, OnnxExportOptions options) {
    if (!weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "a classifier must be float32 to be exported but is quantised; load it without a"
              + " quantisation");
    }
    OnnxFile file =
        instance()
            .call(() -> ClassifierExport.of(engine(), parts.merged(), paddingToken(config())));
    OnnxFolder.write(
        folder,
        file,
        options,
        DecoderExport.config(config(), architecture().config()),
        null,
        parts.source().texts());
  }

  /**
   * The hash of everything that decides this classifier's scores; computed from all weights the
   * first time.
   */
  @Override
  public String id() {
    return id.get();
  }

  private String computeId() {
    return parts.id("pad " + paddingToken(config()));
  }

  /** Configuration, parameter names and head. */
  public Architecture architecture() {
    return parts.architecture();
  }

  /** Number of scores of a sequence. */
  public int labels() {
    OutputHead head = architecture().head();
    return ((SequenceScores) head).labels();
  }

  /** The content of {@code config.json}. */
  public ConfigJson config() {
    return parts.source().config();
  }

  /** The parameters, the head last, without the adapter. */
  public Weights weights() {
    return parts.weights();
  }

  /** The adapter, or null where there is none. */
  public @Nullable LoraAdapter adapter() {
    return parts.adapter();
  }

  /** Whether the classifier reads text. */
  public boolean hasTokenizer() {
    return parts.tokenizer() != null;
  }

  /**
   * The tokenizer, open as long as a model that shares it is.
   *
   * @return the tokenizer
   * @throws IllegalStateException if the checkpoint has none
   */
  public Tokenizer tokenizer() {
    return parts.requiredTokenizer();
  }

  /** How conversations become text. */
  public ChatTemplate chatTemplate() {
    return parts.template();
  }

  /** The compiled graphs that all views of this classifier share. */
  public DecoderEngine engine() {
    return parts.engine();
  }

  /** Parameters bound to the engine, for code that runs graphs of its own. */
  public DecoderInstance instance() {
    return parts.instance();
  }

  /** Frees what no other view needs, once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    parts.close();
  }
}
