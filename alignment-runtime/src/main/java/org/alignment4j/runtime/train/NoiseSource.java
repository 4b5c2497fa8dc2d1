package org.alignment4j.runtime.train;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.engine.TokenInput;
import org.alignment4j.runtime.session.OrtRuntime;
import org.alignment4j.runtime.session.OwnedTensors;
import org.alignment4j.runtime.session.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Draws the noise of each micro-batch. Each input has random numbers of its own, which depend on
 * the seed, the update, the micro-batch's number and the input's name only. Owned by one training
 * run.
 */
final class NoiseSource {
  /** One input: its shape, and what fills it. */
  private record Drawn(String name, long[] shape, FloatBuffer values) {}

  private final TrainingNoise noise;
  private final DecoderConfig config;
  private final @Nullable String headProjection;
  private final List<String> inputs;
  private final Map<String, Integer> adapterWidths = new LinkedHashMap<>();
  private final Map<String, FloatBuffer> memory = new HashMap<>();
  private final Executor executor;
  private final int threads;

  /**
   * Finds the inputs of a graph that are noise.
   *
   * @param graphInputs names of all its inputs
   */
  NoiseSource(
      TrainingNoise noise,
      Architecture architecture,
      Trainable trainable,
      Set<String> graphInputs,
      Executor executor,
      int threads) {
    this.noise = noise;
    this.config = architecture.config();
    this.headProjection =
        config.options().embeddingSize().isEmpty()
            ? null
            : architecture.names().extra(Extra.HEAD_PROJECTION);
    this.executor = executor;
    this.threads = threads;
    this.inputs =
        graphInputs.stream()
            .filter(
                name ->
                    name.equals(NoiseTap.NEFTUNE)
                        || name.startsWith(NoiseTap.MASK)
                        || name.startsWith(NoiseTap.ADAPTER_MASK))
            .sorted()
            .toList();
    if (trainable instanceof Trainable.Adapter adapter) {
      adapter.start().matrices().forEach((name, pair) -> adapterWidths.put(name, pair.in()));
    }
  }

  /**
   * Draws what a micro-batch sees.
   *
   * @param step number of the update, from 1
   * @param index number of the micro-batch within it, from 0
   * @return tensors by input name, until the next draw; the caller closes them
   */
  Map<String, Tensor> draw(OrtRuntime runtime, MicroBatch batch, long step, int index) {
    TokenInput tokens = batch.tokens();
    List<Drawn> drawn = new ArrayList<>();
    for (String name : inputs) {
      long[] shape = shape(name, batch);
      long size = 1;
      for (long d : shape) {
        size = Math.multiplyExact(size, d);
      }
      drawn.add(new Drawn(name, shape, memory(name, Math.toIntExact(size))));
    }
    new ParallelLoop(drawn.size(), executor, threads)
        .run(() -> i -> fill(drawn.get(i), tokens, step, index));
    return OwnedTensors.all(
        made -> drawn.forEach(d -> made.put(d.name(), Tensor.of(runtime, d.values(), d.shape()))));
  }

  /** Memory of one input, kept from micro-batch to micro-batch as long as it suffices. */
  private FloatBuffer memory(String name, int size) {
    FloatBuffer kept = memory.get(name);
    if (kept == null || kept.capacity() < size) {
      kept = FlatParameters.allocate(size);
      memory.put(name, kept);
    }
    return kept.slice(0, size);
  }

  private long[] shape(String name, MicroBatch batch) {
    TokenInput tokens = batch.tokens();
    if (name.startsWith(NoiseTap.ADAPTER_MASK)) {
      String weight = name.substring(NoiseTap.ADAPTER_MASK.length());
      int width = Objects.requireNonNull(adapterWidths.get(weight), weight);
      // What lies before the head reads the rows that reach it, everything else each position.
      long rows =
          weight.equals(headProjection)
              ? batch.rows().length
              : (long) tokens.batch() * tokens.seq();
      return new long[] {rows, width};
    }
    if (NoiseTap.ofAttention(name)) {
      return new long[] {tokens.batch(), config.heads(), tokens.seq(), tokens.seq()};
    }
    return new long[] {tokens.batch(), tokens.seq(), config.hiddenSize()};
  }

  private void fill(Drawn drawn, TokenInput tokens, long step, int index) {
    SplittableRandom random =
        new SplittableRandom(mixed(mixed(mixed(noise.seed(), step), index), hash(drawn.name())));
    if (drawn.name().equals(NoiseTap.NEFTUNE)) {
      neftune(drawn.values(), tokens, config.hiddenSize(), noise.neftuneAlpha(), random);
    } else {
      mask(drawn.values(), probability(drawn.name()), random);
    }
  }

  private double probability(String mask) {
    if (mask.startsWith(NoiseTap.ADAPTER_MASK)) {
      return noise.adapterDropout();
    }
    if (NoiseTap.ofAttention(mask)) {
      return noise.attentionDropout();
    }
    return NoiseTap.ofEmbedding(mask)
        ? noise.embeddingDropout()
        : noise.residualDropout(NoiseTap.block(mask), config.layers());
  }

  /** Fills in 0 with a probability and one over that of the rest elsewhere. */
  static void mask(FloatBuffer to, double probability, SplittableRandom random) {
    float kept = (float) (1 / (1 - probability));
    long dropped = Math.round(probability * (1L << Integer.SIZE));
    float[] block = new float[Math.min(Blocks.SIZE, to.remaining())];
    while (to.hasRemaining()) {
      int n = Math.min(block.length, to.remaining());
      for (int i = 0; i < n; i += 2) {
        long bits = random.nextLong();
        block[i] = (bits >>> Integer.SIZE) < dropped ? 0 : kept;
        if (i + 1 < n) {
          block[i + 1] = (bits & 0xffff_ffffL) < dropped ? 0 : kept;
        }
      }
      to.put(block, 0, n);
    }
    to.rewind();
  }

  /** Fills in uniform noise within {@code α/sqrt(L·d)} for each row of embeddings. */
  static void neftune(
      FloatBuffer to, TokenInput tokens, int width, double alpha, SplittableRandom random) {
    float[] row = new float[width];
    for (int b = 0; b < tokens.batch(); b++) {
      for (int t = 0; t < tokens.seq(); ) {
        int end = t + 1;
        while (end < tokens.seq() && continues(tokens, b, end)) {
          end++;
        }
        double length = tokens.positions()[b * tokens.seq() + end - 1] + 1;
        double magnitude = alpha / Math.sqrt(length * width);
        for (; t < end; t++) {
          for (int i = 0; i < width; i++) {
            row[i] = (float) (magnitude * (2 * random.nextDouble() - 1));
          }
          to.put(row);
        }
      }
    }
    to.rewind();
  }

  /** Whether a column holds the next position of the sequence in the column before. */
  private static boolean continues(TokenInput tokens, int row, int column) {
    int i = row * tokens.seq() + column;
    return tokens.positions()[i] == tokens.positions()[i - 1] + 1;
  }

  /** A key of two numbers (the finaliser of Steele et al. 2014, SplitMix64). */
  private static long mixed(long key, long next) {
    long z = (key ^ next) * 0x9e3779b97f4a7c15L + 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** FNV-1a of 64 bits. */
  private static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }
}
