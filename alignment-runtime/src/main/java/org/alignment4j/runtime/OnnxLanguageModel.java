package org.alignment4j.runtime;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchModel;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamingLanguageModel;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.checkpoint.TextFiles;
import org.alignment4j.runtime.generate.BeamSearch;
import org.alignment4j.runtime.generate.Generator;
import org.alignment4j.runtime.generate.PromptEncoder;
import org.alignment4j.runtime.onnx.ModelFiles;
import org.alignment4j.runtime.onnx.OnnxDecoder;
import org.alignment4j.runtime.score.LogitsScorer;
import org.alignment4j.runtime.session.OpenCalls;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A language model of an ONNX file that another library exported, of whatever architecture: it
 * generates and scores, but its weights cannot be trained, edited or looked into. Files are those
 * of Optimum's task {@code text-generation-with-past} and of {@link DecoderModel#exportOnnx}; one
 * exported without the past works too, and reads everything again for each token.
 *
 * <p>Inputs are {@code input_ids}, {@code attention_mask} and, where the file has them, {@code
 * position_ids}, {@code token_type_ids} (zeros), {@code past_key_values.N.key} and {@code .value},
 * and {@code use_cache_branch}; outputs {@code logits}, {@code present.N.key} and {@code .value}.
 * Logits and cache may be float32, float16 or bfloat16.
 *
 * <p>Immutable. Safe for concurrent calls; {@link #close} waits for calls in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OnnxLanguageModel
    implements StreamingLanguageModel, BeamSearchModel, LikelihoodModel, AutoCloseable {

  private final OnnxDecoder decoder;
  private final @Nullable SharedTokenizer tokenizer;
  private final ChatTemplate template;
  private final Set<Integer> eosTokenIds;
  private final PromptEncoder prompts;
  private final Supplier<String> id;
  private final OpenCalls calls = new OpenCalls();

  private OnnxLanguageModel(
      OnnxDecoder decoder,
      @Nullable SharedTokenizer tokenizer,
      ChatTemplate template,
      ContentHash textHash) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.template = template;
    Set<Integer> eos = new LinkedHashSet<>(config().eosTokenIds());
    if (tokenizer != null) {
      eos.addAll(tokenizer.get().eosIds());
    }
    this.eosTokenIds = Set.copyOf(eos);
    this.prompts = new PromptEncoder(config(), texts(), template);
    this.id =
        com.google.common.base.Suppliers.memoize(
            () ->
                ContentHash.of(
                        String.join(
                            "\n",
                            ModelFiles.hash(decoder.files()),
                            config().toString(),
                            textHash.toString(),
                            eosTokenIds.stream().sorted().toList().toString()))
                    .toString());
  }

  /**
   * Loads a folder on the default device.
   *
   * @param folder {@code config.json}, {@code model.onnx} (or {@code decoder_model_merged.onnx},
   *     {@code decoder_model.onnx}, also in a folder {@code onnx}) and, to read text, {@code
   *     tokenizer.json}
   * @return the model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException if a file is missing or damaged, or an input or
   *     output is not as said above
   */
  public static OnnxLanguageModel load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a folder.
   *
   * @param folder {@code config.json}, {@code model.onnx} (or {@code decoder_model_merged.onnx},
   *     {@code decoder_model.onnx}, also in a folder {@code onnx}) and, to read text, {@code
   *     tokenizer.json}
   * @param options where and how it runs
   * @return the model, which the caller closes
   * @throws org.alignment4j.api.CheckpointException if a file is missing or damaged, or an input or
   *     output is not as said above
   * @throws org.alignment4j.api.ModelExecutionException if the device does not work
   */
  public static OnnxLanguageModel load(Path folder, ModelOptions options) {
    OrtRuntime runtime = OrtRuntime.create(options.device(), options.threads());
    OnnxDecoder decoder = OnnxDecoder.open(runtime, folder);
    SharedTokenizer tokenizer = null;
    try {
      TextFiles files = TextFiles.read(folder);
      Path texts = files.hasTokenizer() ? folder : null;
      ChatTemplate template = texts == null ? ChatTemplate.plain() : ChatTemplate.load(texts);
      if (texts != null) {
        tokenizer = SharedTokenizer.load(texts, decoder.config().vocabSize());
      }
      return new OnnxLanguageModel(decoder, tokenizer, template, files.hash());
    } catch (RuntimeException e) {
      decoder.close();
      if (tokenizer != null) {
        tokenizer.release();
      }
      throw e;
    }
  }

  private DecoderConfig config() {
    return decoder.config();
  }

  private @Nullable Tokenizer texts() {
    return tokenizer == null ? null : tokenizer.get();
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> requests, SamplingOptions options, CancellationToken cancellation) {
    return generate(requests, options, null, cancellation);
  }

  @Override
  public List<Completion> stream(
      List<? extends Prompt> requests,
      SamplingOptions options,
      TokenListener listener,
      CancellationToken cancellation) {
    return generate(requests, options, listener, cancellation);
  }

  private List<Completion> generate(
      List<? extends Prompt> requests,
      SamplingOptions options,
      @Nullable TokenListener listener,
      CancellationToken cancellation) {
    return calls.call(
        () ->
            new Generator(decoder.sessions(), config(), texts(), eosTokenIds)
                .generate(encode(requests), options, listener, cancellation));
  }

  @Override
  public List<List<BeamHypothesis>> beamSearch(
      List<? extends Prompt> requests, BeamSearchOptions options, CancellationToken cancellation) {
    return calls.call(
        () ->
            new BeamSearch(decoder.sessions(), config(), texts(), eosTokenIds)
                .search(encode(requests), options, cancellation));
  }

  private List<int[]> encode(List<? extends Prompt> requests) {
    return requests.stream().map(prompts::encode).toList();
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return calls.call(
        () ->
            new LogitsScorer(config(), prompts, template, decoder.logits())
                .score(continuations, cancellation));
  }

  /**
   * The hash of everything that decides this model's answers; computed from all files the first
   * time.
   */
  @Override
  public String id() {
    return id.get();
  }

  /** Whether the model reads and writes text. */
  public boolean hasTokenizer() {
    return tokenizer != null;
  }

  /**
   * The tokenizer, open as long as this is.
   *
   * @return the tokenizer
   * @throws IllegalStateException if the folder has none
   */
  public Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new IllegalStateException(
          "the model has no tokenizer; add the checkpoint's tokenizer.json to its folder");
    }
    return tokenizer.get();
  }

  /** How conversations become text. */
  public ChatTemplate chatTemplate() {
    return template;
  }

  /** Ids that end a sequence: those of the configuration and of the tokenizer. */
  public Set<Integer> eosTokenIds() {
    return eosTokenIds;
  }

  /** Whether the file caches keys and values, so that a step costs one token. */
  public boolean cached() {
    return decoder.cached();
  }

  /** Frees the model once calls in flight have ended; again does nothing. */
  @Override
  public void close() {
    calls.close(
        () -> {
          decoder.close();
          if (tokenizer != null) {
            tokenizer.release();
          }
        });
  }
}
