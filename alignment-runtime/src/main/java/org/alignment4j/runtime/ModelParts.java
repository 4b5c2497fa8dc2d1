package org.alignment4j.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.LoraInputs;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.tokenizer.ChatTemplate;
import org.alignment4j.runtime.train.LoraAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What a model in this process is made of, whatever its head. Models of one origin share engine and
 * tokenizer; each is closed on its own. Immutable and thread-safe.
 *
 * @param source the configuration and the files of tokenizer and template it came with
 * @param instance parameters and adapter bound to the engine
 * @param weights the parameters without the adapter
 * @param adapter null for none
 * @param brought names of weights that adapters of PEFT brought whole, in place of the base model's
 * @param tokenizer null where the model reads no text
 * @param template how conversations become text
 */
record ModelParts(
    ModelSource source,
    DecoderInstance instance,
    Weights weights,
    @Nullable LoraAdapter adapter,
    Set<String> brought,
    @Nullable SharedTokenizer tokenizer,
    ChatTemplate template) {

  /**
   * Reads the tokenizer, and binds weights to an engine of their own.
   *
   * @param texts folder with the tokenizer's files, or null
   */
  static ModelParts load(
      ModelSource source,
      @Nullable Path texts,
      Architecture architecture,
      Weights weights,
      ModelOptions options) {
    ChatTemplate template = texts == null ? ChatTemplate.plain() : ChatTemplate.load(texts);
    SharedTokenizer tokenizer =
        texts == null ? null : SharedTokenizer.load(texts, architecture.config().vocabSize());
    try {
      OrtRuntime runtime = OrtRuntime.create(options.device(), options.threads());
      DecoderEngine engine = new DecoderEngine(runtime, architecture, weights, options.packed());
      return bind(source, engine, weights, tokenizer, template);
    } catch (RuntimeException e) {
      release(tokenizer);
      throw e;
    }
  }

  /** The decoder and the texts of this model under another head, on an engine of their own. */
  ModelParts withHead(ModelSource newSource, Architecture architecture, Weights newWeights) {
    retain(tokenizer);
    try {
      DecoderEngine other = engine().of(architecture, newWeights);
      return bind(newSource, other, newWeights, tokenizer, template);
    } catch (RuntimeException e) {
      release(tokenizer);
      throw e;
    }
  }

  /**
   * This model with its weights kept in another form, on an engine of their own.
   *
   * @throws IllegalStateException if this model is closed
   */
  ModelParts stored(Supplier<Weights> newWeights) {
    return instance.call(
        () -> {
          ModelParts plain = withHead(source, architecture(), newWeights.get());
          if (adapter == null && brought.isEmpty()) {
            return plain;
          }
          try {
            return plain.with(plain.weights, adapter, brought);
          } finally {
            plain.close();
          }
        });
  }

  /** The parts of a model that releases the tokenizer when it is closed, not when this fails. */
  private static ModelParts bind(
      ModelSource source,
      DecoderEngine engine,
      Weights weights,
      @Nullable SharedTokenizer tokenizer,
      ChatTemplate template) {
    try {
      DecoderInstance instance =
          DecoderInstance.bind(engine, weights, LoraInputs.none(), () -> release(tokenizer));
      return new ModelParts(source, instance, weights, null, Set.of(), tokenizer, template);
    } finally {
      engine.release();
    }
  }

  /**
   * The parts of a model with other weights and perhaps an adapter, which share engine and
   * tokenizer.
   *
   * @throws IllegalStateException if this model is closed
   */
  ModelParts with(Weights newWeights, @Nullable LoraAdapter newAdapter) {
    return with(newWeights, newAdapter, brought);
  }

  /**
   * The same parts, and which of the weights adapters brought whole.
   *
   * @throws IllegalStateException if this model is closed
   */
  ModelParts with(Weights newWeights, @Nullable LoraAdapter newAdapter, Set<String> newBrought) {
    return instance.call(
        () -> {
          retain(tokenizer);
          try {
            LoraInputs inputs = inputs(newAdapter, newWeights);
            DecoderInstance bound =
                DecoderInstance.bind(engine(), newWeights, inputs, () -> release(tokenizer));
            return new ModelParts(
                source, bound, newWeights, newAdapter, Set.copyOf(newBrought), tokenizer, template);
          } catch (RuntimeException e) {
            release(tokenizer);
            throw e;
          }
        });
  }

  private LoraInputs inputs(@Nullable LoraAdapter newAdapter, Weights newWeights) {
    return newAdapter == null
        ? LoraInputs.none()
        : newAdapter.inputs(newWeights, architecture().config().linear());
  }

  /**
   * The parameters with the adapter, if there is one, added to them.
   *
   * @throws IllegalStateException if there is one of a quantised model
   */
  Weights merged() {
    if (adapter != null && !weights.quantised().isEmpty()) {
      throw new IllegalStateException(
          "an adapter cannot be added to quantised weights; merge dequantised(), and quantise the"
              + " result");
    }
    return adapter == null
        ? weights
        : adapter.mergedInto(weights, architecture().config().linear());
  }

  DecoderEngine engine() {
    return instance.engine();
  }

  Architecture architecture() {
    return engine().architecture();
  }

  /** The tokenizer, or null where the model reads no text. */
  @Nullable Tokenizer optionalTokenizer() {
    return tokenizer == null ? null : tokenizer.get();
  }

  /**
   * The tokenizer of a model that must have one.
   *
   * @throws IllegalStateException if it has none
   */
  Tokenizer requiredTokenizer() {
    if (tokenizer == null) {
      throw new IllegalStateException(
          "the model has no tokenizer; add the checkpoint's tokenizer.json to its folder");
    }
    return tokenizer.get();
  }

  /**
   * The hash of everything that decides what the model answers; reads all weights.
   *
   * @param other what decides it beside the parts
   */
  String id(String other) {
    List<String> content = new ArrayList<>();
    content.add(architecture().toString());
    content.add(weights.contentHash());
    content.add(source.texts().hash().toString());
    content.add(other);
    if (adapter != null) {
      content.add(adapter.tensors().contentHash());
    }
    return ContentHash.of(String.join("\n", content)).toString();
  }

  /** Frees what no other model needs, once calls in flight have ended; again does nothing. */
  void close() {
    instance.close();
  }

  private static void retain(@Nullable SharedTokenizer tokenizer) {
    if (tokenizer != null) {
      tokenizer.retain();
    }
  }

  private static void release(@Nullable SharedTokenizer tokenizer) {
    if (tokenizer != null) {
      tokenizer.release();
    }
  }
}
