package org.alignment4j.runtime;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.ForwardRun;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchModel;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.ChoiceDistribution;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.ChoiceRequest;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.GradientModel;
import org.alignment4j.api.model.GradientRequest;
import org.alignment4j.api.model.InputGradients;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.StreamingLanguageModel;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenListener;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.hook.HookCatalog;
import org.alignment4j.runtime.hook.HookedRun;
import org.alignment4j.runtime.hook.Interventions;
import org.alignment4j.runtime.hook.SlotGradients.Variable;
import org.alignment4j.runtime.onnx.DecoderExport;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.alignment4j.runtime.peft.PeftAdapter;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.train.LoraAdapter;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A decoder language model in this process: an immutable value made of an architecture, weights,
 * perhaps an adapter, a tokenizer and a chat template. Editing, training and adapting give new
 * models that share compiled graphs and unchanged weights; each is closed on its own, in any order.
 * Safe for concurrent calls; {@link #close} waits for calls in flight.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DecoderModel
    implements StreamingLanguageModel,
        SamplingModel,
        BeamSearchModel,
        ChoiceModel,
        GradientModel,
        HookedModel,
        AutoCloseable {

  private final ModelParts parts;
  private final DecoderCalls calls;
  private final GradientCalls gradients;
  private final Set<Integer> eosTokenIds;
  private final Supplier<String> id;

  private DecoderModel(ModelParts parts) {
    this.parts = parts;
    Tokenizer texts = parts.optionalTokenizer();
    Set<Integer> eos = new LinkedHashSet<>(architecture().config().eosTokenIds());
    if (texts != null) {
      eos.addAll(texts.eosIds());
    }
    this.eosTokenIds = Set.copyOf(eos);
    this.calls = new DecoderCalls(parts.instance(), texts, parts.template(), eosTokenIds);
    this.gradients = new GradientCalls(parts.instance(), calls, Interventions.none(parts.engine()));
    this.id = com.google.common.base.Suppliers.memoize(this::computeId);
  }

  /**
   * Loads a Hugging Face folder on the default device.
   *
   * @param folder {@code config.json}, safetensors and, to read text, {@code tokenizer.json}
   * @throws org.alignment4j.api.CheckpointException if a file is missing, damaged or does not fit
   *     the others
   * @throws org.alignment4j.api.CancelledException if the thread is interrupted, whose flag stays
   *     set
   */
  public static DecoderModel load(Path folder) {
    return load(folder, ModelOptions.defaults());
  }

  /**
   * Loads a Hugging Face folder. Weights are mapped, not copied, where they are float32 and stay
   * so; with {@link ModelOptions#quantised} each is quantised as it is read.
   *
   * @param folder {@code config.json}, safetensors and, to read text, {@code tokenizer.json}
   * @throws org.alignment4j.api.CheckpointException if a file is missing, damaged or does not fit
   *     the others
   * @throws org.alignment4j.api.CancelledException if the thread is interrupted, whose flag stays
   *     set
   * @throws org.alignment4j.api.ModelExecutionException if the device does not work
   */
  public static DecoderModel load(Path folder, ModelOptions options) {
    return new DecoderModel(DecoderFiles.load(folder, options));
  }

  /**
   * Makes a model of weights that are not in a folder, such as newly initialised ones.
   *
   * @param config content of {@code config.json}
   * @param weights every parameter of the architecture
   * @param tokenizerFolder folder with the tokenizer's files, or null
   * @throws org.alignment4j.api.CheckpointException if weights, tokenizer and configuration do not
   *     fit each other
   */
  public static DecoderModel of(
      ConfigJson config, Weights weights, @Nullable Path tokenizerFolder, ModelOptions options) {
    return new DecoderModel(DecoderFiles.parts(config, weights, tokenizerFolder, options));
  }

  /** A view that shares engine and tokenizer. */
  private DecoderModel view(Weights newWeights, @Nullable LoraAdapter newAdapter) {
    return new DecoderModel(parts.with(newWeights, newAdapter));
  }

  /**
   * This model with other weights, its adapter kept.
   *
   * @param newWeights every parameter of the architecture
   * @return a new model; this one is unchanged
   * @throws org.alignment4j.api.CheckpointException if they do not fit the architecture
   * @throws IllegalStateException if this model is closed
   */
  public DecoderModel withWeights(Weights newWeights) {
    return view(architecture().adopt(newWeights), adapter());
  }

  /**
   * This model with one parameter changed.
   *
   * @param name the parameter's name in the checkpoint
   * @param change gets a copy of the values, row major, and gives as many new ones
   * @return a new model; this one is unchanged
   * @throws org.alignment4j.api.CheckpointException if there is no such parameter
   * @throws IllegalArgumentException if the number of values changes
   * @throws IllegalStateException if the parameter is quantised
   * @throws IllegalStateException if this model is closed
   */
  public DecoderModel edit(String name, UnaryOperator<float[]> change) {
    return view(WeightEdit.of(weights(), name, change), adapter());
  }

  /**
   * This model with adapters, in place of those it may have. Parameters that a former adapter
   * brought whole, such as trained biases, stay; put a new adapter over the base model to be
   * without them.
   *
   * @return a new model; this one is unchanged
   * @throws IllegalArgumentException if an adapter is of a weight the model lacks or does not fit
   *     it
   * @throws IllegalStateException if this model is closed
   */
  public DecoderModel withAdapter(LoraAdapter newAdapter) {
    AdapterFit.check(newAdapter, weights(), architecture().config().linear());
    return view(weights(), newAdapter);
  }

  /**
   * This model with an adapter of PEFT and the parameters it brings whole, in place of an adapter
   * it may have. Parameters that a former adapter brought whole, such as trained biases, stay where
   * this one does not bring them too; put a new adapter over the base model to be without them.
   *
   * @return a new model; this one is unchanged
   * @throws IllegalArgumentException if the adapter is of weights the model lacks or does not fit
   *     them
   * @throws org.alignment4j.api.CheckpointException if a parameter does not fit the architecture
   * @throws IllegalStateException if this model is closed
   */
  public DecoderModel withAdapter(PeftAdapter newAdapter) {
    Weights adopted = architecture().adopt(newAdapter.savedOver(weights()));
    AdapterFit.check(newAdapter.lora(), adopted, architecture().config().linear());
    Set<String> brought = new LinkedHashSet<>(parts.brought());
    brought.addAll(newAdapter.saved().names());
    return new DecoderModel(parts.with(adopted, newAdapter.lora(), brought));
  }

  /**
   * This model's weights alone, in every bit as they were before an adapter was put over them;
   * parameters that an adapter brought whole are among them.
   *
   * @return a new model; this one is unchanged
   * @throws IllegalStateException if this model is closed
   */
  public DecoderModel withoutAdapter() {
    return view(weights(), null);
  }

  /**
   * This model with weights kept in few bits. It is frozen: it generates, scores, shows its
   * activations and lets adapters be trained over it, but its quantised weights can be neither
   * edited nor trained. Its compiled graphs are its own.
   *
   * @param quantisation which weights, and how
   * @return a new model, its adapter kept; this one is unchanged and may be closed
   * @throws IllegalStateException if this model is closed or quantised
   * @throws org.alignment4j.api.CheckpointException if a weight is not finite, or there is no
   *     native memory
   */
  public DecoderModel quantised(Quantisation quantisation) {
    if (!weights().quantised().isEmpty()) {
      throw new IllegalStateException(
          "a model must be float32 to be quantised but is quantised already; quantise the float32"
              + " model, or dequantised()");
    }
    return new DecoderModel(parts.stored(() -> quantisation.of(architecture(), weights())));
  }

  /**
   * This model in float32, its quantised weights replaced by the values they stand for.
   *
   * @return a new model, its adapter kept; this one is unchanged and may be closed
   * @throws IllegalStateException if this model is closed
   * @throws org.alignment4j.api.CheckpointException if there is no native memory
   */
  public DecoderModel dequantised() {
    return new DecoderModel(parts.stored(() -> weights().dequantised()));
  }

  /**
   * This model with its adapter added to the weights; a plain view where it has none.
   *
   * @return a new model without adapter; this one is unchanged
   * @throws IllegalStateException if this model is closed, or has an adapter over quantised weights
   */
  public DecoderModel merged() {
    return new DecoderModel(parts.with(parts.merged(), null, Set.of()));
  }

  /**
   * Saves as a Hugging Face folder in float32, with the tokenizer's files as they were when the
   * model was loaded.
   *
   * @param folder created if absent; files in it are replaced one by one, each whole or not at all,
   *     and those of another model's tokenizer, chat template or generation removed
   * @throws IllegalStateException if the model has an adapter
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void save(Path folder) {
    DecoderFiles.save(parts, folder);
  }

  /**
   * Saves the adapter as a folder of PEFT in float32, with the parameters that adapters of PEFT
   * brought whole to this model or to those it was made of, so that the folder makes this model of
   * the base model.
   *
   * @param folder created if absent; files in it are replaced one by one, each whole or not at all
   * @throws IllegalStateException if the model has no adapter
   * @throws IllegalArgumentException if PEFT has no way to say what the adapter is
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void saveAdapter(Path folder) {
    DecoderFiles.saveAdapter(parts, folder);
  }

  /**
   * Writes this model as a folder with {@code model.onnx} for other runtimes, in the layout of
   * Optimum, beside configuration and tokenizer.
   *
   * @param folder created if absent; no file in it is ever half written
   * @throws IllegalStateException if this model is closed or quantised
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void exportOnnx(Path folder) {
    exportOnnx(folder, OnnxExportOptions.defaults());
  }

  /**
   * Writes this model as a folder with {@code model.onnx} for other runtimes, in the layout of
   * Optimum, beside configuration and tokenizer. An adapter is added to the weights. The file has
   * operators of the ONNX standard only and a cache of keys and values; see {@link DecoderExport}
   * for what it takes and gives.
   *
   * @param folder created if absent; no file in it is ever half written, an older {@code
   *     model.onnx} is removed before the files it may refer to are replaced, and so are files of
   *     another model's tokenizer, chat template or generation
   * @param options where parameters go
   * @throws IllegalStateException if this model is closed or quantised
   * @throws org.alignment4j.api.CheckpointException if a file cannot be written
   */
  public void exportOnnx(Path folder, OnnxExportOptions options) {
    DecoderFiles.exportOnnx(parts, folder, options);
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> requests, SamplingOptions options, CancellationToken cancellation) {
    return calls.generate(requests, options, null, cancellation, Instrumentation.none());
  }

  @Override
  public List<Completion> stream(
      List<? extends Prompt> requests,
      SamplingOptions options,
      TokenListener listener,
      CancellationToken cancellation) {
    return calls.generate(requests, options, listener, cancellation, Instrumentation.none());
  }

  @Override
  public List<GenerationOutcome> sample(
      List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
    return calls.sample(requests, options, cancellation, Instrumentation.none());
  }

  @Override
  public List<List<BeamHypothesis>> beamSearch(
      List<? extends Prompt> prompts, BeamSearchOptions options, CancellationToken cancellation) {
    return calls.beamSearch(prompts, options, cancellation, Instrumentation.none());
  }

  @Override
  public List<ChoiceDistribution> choose(
      List<ChoiceRequest> requests, CancellationToken cancellation) {
    return calls.choose(requests, cancellation, Instrumentation.none());
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    return calls.score(continuations, cancellation, Instrumentation.none());
  }

  @Override
  public InputGradients oneHotGradients(GradientRequest request) {
    return gradients.gradients(request, Variable.ONE_HOT);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is differentiated by is the token's row of the embedding table, before a model scales,
   * projects or normalises it; of models that project their embeddings it is as wide as these.
   */
  @Override
  public InputGradients embeddingGradients(GradientRequest request) {
    return gradients.gradients(request, Variable.EMBEDDING);
  }

  @Override
  public double[] losses(
      GradientRequest request, List<TokenIds> candidates, CancellationToken cancellation) {
    return gradients.losses(request, candidates, cancellation);
  }

  @Override
  public int layerCount() {
    return architecture().config().layers();
  }

  @Override
  public List<HookPoint<?>> hookPoints() {
    return new HookCatalog(architecture().config()).points();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Each set of points that runs read or edit is compiled into a graph of its own, which takes
   * milliseconds and about two mebibytes. The {@value DecoderEngine#HOOKED_GRAPHS} graphs used last
   * stay, whichever view of this model used them; a sweep over more of them is fastest when it
   * makes all runs of one set of points before those of the next.
   */
  @Override
  public ForwardRun forward(List<TokenIds> sequences) {
    return HookedRun.of(instance(), Interventions.none(engine()), sequences);
  }

  /**
   * {@inheritDoc}
   *
   * <p>The changed model is a view of this one: it works as long as this one is open. It generates
   * and scores by graphs of its own, of which as many stay as of those of {@link #forward}; those
   * into which quantised weights are packed take the memory of these, and four of them stay.
   */
  @Override
  public HookedModel with(List<? extends Intervention<?>> interventions) {
    return new IntervenedModel(this, calls, Interventions.none(engine()).withAlways(interventions));
  }

  /**
   * The hash of everything that decides this model's answers; computed from all weights the first
   * time.
   */
  @Override
  public String id() {
    return id.get();
  }

  private String computeId() {
    return parts.id(eosTokenIds.stream().sorted().toList().toString());
  }

  ModelParts parts() {
    return parts;
  }

  ModelSource source() {
    return parts.source();
  }

  /** Configuration and parameter names. */
  public Architecture architecture() {
    return parts.architecture();
  }

  /** The parameters, without the adapter. */
  public Weights weights() {
    return parts.weights();
  }

  /** The adapter, or null where there is none. */
  public @Nullable LoraAdapter adapter() {
    return parts.adapter();
  }

  /** Whether the model reads and writes text. */
  public boolean hasTokenizer() {
    return parts.tokenizer() != null;
  }

  /**
   * The tokenizer, open as long as a model that shares it is.
   *
   * @throws IllegalStateException if the checkpoint has none
   */
  @Override
  public Tokenizer tokenizer() {
    return parts.requiredTokenizer();
  }

  /** How conversations become text. */
  public ChatTemplate chatTemplate() {
    return parts.template();
  }

  /** Ids that end a sequence: those of the configuration and of the tokenizer. */
  public Set<Integer> eosTokenIds() {
    return eosTokenIds;
  }

  /** The compiled graphs that all views of this model share. */
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
