package org.alignment4j.runtime.score;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.RotaryScaling;
import org.alignment4j.runtime.engine.AfterPrefixBatch;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.session.NativeMemory;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values that every block computed of a prefix, for rows that follow it. A prefix is
 * computed in runs of {@value #RUN} tokens and one of what is left over; whole runs are taken from
 * another prefix that begins alike, in the very bits that computing them anew would give, so that
 * what is kept never shows in a score. Immutable and thread-safe.
 */
final class PrefixKeys {

  /** Tokens computed together. */
  static final int RUN = 128;

  private final DecoderInstance model;
  private final DecoderConfig config;
  private final TokenIds tokens;
  private final RotaryScaling scaling;
  private final List<FloatBuffer> data;

  /** Keys and values by turns, of each block {@code [kvHeads, tokens, headDim]}. */
  private PrefixKeys(
      DecoderInstance model, TokenIds tokens, RotaryScaling scaling, List<FloatBuffer> data) {
    this.model = model;
    this.config = model.engine().architecture().config();
    this.tokens = tokens;
    this.scaling = scaling;
    this.data = data;
  }

  /**
   * Computes a prefix.
   *
   * @param kept another prefix, or null
   * @param cancellation checked before every run
   */
  static PrefixKeys of(
      DecoderInstance model,
      ScoringPlan.Prefix prefix,
      @Nullable PrefixKeys kept,
      CancellationToken cancellation) {
    PrefixKeys keys;
    if (kept == null || !kept.model.equals(model) || !kept.scaling.equals(prefix.scaling())) {
      int count = 2 * model.engine().architecture().config().layers();
      keys = new PrefixKeys(model, TokenIds.empty(), prefix.scaling(), empty(count));
    } else if (kept.tokens.equals(prefix.tokens())) {
      return kept;
    } else {
      keys = kept.first(kept.runsOf(prefix.tokens()) * RUN);
    }
    while (keys.tokens.size() < prefix.tokens().size()) {
      cancellation.throwIfCancelled("scoring");
      int end = Math.min(keys.tokens.size() + RUN, prefix.tokens().size());
      keys = keys.extended(prefix.tokens().slice(0, end), prefix.length());
    }
    return keys;
  }

  private static List<FloatBuffer> empty(int count) {
    List<FloatBuffer> data = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      data.add(NativeMemory.floats(0));
    }
    return data;
  }

  /** How many whole runs another prefix begins with that were made here. */
  private int runsOf(TokenIds other) {
    int most = Math.min(tokens.size(), other.size());
    int alike = 0;
    while (alike < most && tokens.get(alike) == other.get(alike)) {
      alike++;
    }
    return alike / RUN;
  }

  private PrefixKeys first(int count) {
    int width = config.headDim();
    List<FloatBuffer> shorter = new ArrayList<>();
    for (FloatBuffer all : data) {
      FloatBuffer part = NativeMemory.floats((long) config.kvHeads() * count * width);
      for (int head = 0; head < config.kvHeads(); head++) {
        part.put(head * count * width, all, head * tokens.size() * width, count * width);
      }
      shorter.add(part);
    }
    return new PrefixKeys(model, tokens.slice(0, count), scaling, shorter);
  }

  private PrefixKeys extended(TokenIds whole, int length) {
    OrtRuntime runtime = model.engine().runtime();
    int[] more = whole.slice(tokens.size(), whole.size()).toArray();
    List<FloatBuffer> longer = new ArrayList<>();
    for (int i = 0; i < data.size(); i++) {
      longer.add(NativeMemory.floats((long) config.kvHeads() * whole.size() * config.headDim()));
    }
    PrefixKeys result = new PrefixKeys(model, whole, scaling, longer);
    try (OwnedTensors inputs =
            OwnedTensors.of(
                AfterPrefixBatch.ofPrefix(model.engine(), more, tokens.size(), length));
        OwnedTensors outputs = new OwnedTensors()) {
      inputs.putAll(tensors(runtime));
      for (int layer = 0; layer < config.layers(); layer++) {
        outputs.put(GraphNames.presentKey(layer), result.tensor(runtime, 2 * layer));
        outputs.put(GraphNames.presentValue(layer), result.tensor(runtime, 2 * layer + 1));
      }
      ScoringGraphs.prefix(model)
          .run(model.feeds(inputs.asMap()), outputs.asMap(), Set.of())
          .close();
    }
    return result;
  }

  private Tensor tensor(OrtRuntime runtime, int index) {
    FloatBuffer values = data.get(index).duplicate();
    return Tensor.of(runtime, values, 1, config.kvHeads(), tokens.size(), config.headDim());
  }

  /** Bytes that it takes. */
  long bytes() {
    return data.stream().mapToLong(buffer -> (long) buffer.capacity() * Float.BYTES).sum();
  }

  /** The inputs of a run, which the caller closes. */
  Map<String, Tensor> tensors(OrtRuntime runtime) {
    return OwnedTensors.all(
        made -> {
          for (int layer = 0; layer < config.layers(); layer++) {
            made.put(GraphNames.pastKey(layer), tensor(runtime, 2 * layer));
            made.put(GraphNames.pastValue(layer), tensor(runtime, 2 * layer + 1));
          }
        });
  }
}
