package org.alignment4j.runtime.onnx;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.Activation;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LinearLayout;
import org.alignment4j.runtime.architecture.DecoderConfig.Norm;
import org.alignment4j.runtime.architecture.DecoderConfig.QkvArrangement;
import org.alignment4j.runtime.architecture.DecoderFamilies;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.generate.DecodeSession;
import org.alignment4j.runtime.score.SequenceLogits;
import org.alignment4j.runtime.session.OnnxSession;
import org.alignment4j.runtime.session.OrtRuntime;
import org.jspecify.annotations.Nullable;

/**
 * A decoder of an ONNX file under Optimum's names: {@code model.onnx}, {@code
 * decoder_model_merged.onnx} or {@code decoder_model.onnx}, in the folder or in its folder {@code
 * onnx}. Thread-safe; {@link #close} waits for runs in flight.
 */
public final class OnnxDecoder implements AutoCloseable {

  private static final List<String> FILES =
      List.of("model.onnx", "decoder_model_merged.onnx", "decoder_model.onnx");

  /** Floats of logits that one run may give. */
  private static final long MAX_LOGITS = 32L << 20;

  private static final int MAX_COLUMNS = 4096;

  private final OnnxSession session;
  private final DecoderPorts ports;
  private final DecoderConfig config;

  private OnnxDecoder(OnnxSession session, DecoderPorts ports, DecoderConfig config) {
    this.session = session;
    this.ports = ports;
    this.config = config;
  }

  /**
   * Opens a folder.
   *
   * @param runtime where it runs
   * @param folder has {@code config.json} and the ONNX file
   * @return the decoder, which the caller closes
   * @throws CheckpointException if a file is missing or damaged, or an input or output is not as
   *     Optimum's
   */
  public static OnnxDecoder open(OrtRuntime runtime, Path folder) {
    ConfigJson json = ModelFiles.config(folder);
    ConfigJson generation =
        Files.isRegularFile(folder.resolve("generation_config.json"))
            ? ConfigJson.read(folder.resolve("generation_config.json"))
            : null;
    OnnxSession session = OnnxSession.open(runtime, ModelFiles.model(folder, FILES));
    try {
      DecoderPorts ports = DecoderPorts.of(session);
      return new OnnxDecoder(session, ports, sizes(json, generation, ports));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Sizes and special tokens, which is all that is asked of a decoder whose blocks are in a file;
   * the rest is that of a plain one.
   */
  private static DecoderConfig sizes(
      ConfigJson json, @Nullable ConfigJson generation, DecoderPorts ports) {
    long vocab = ports.logits().size(2);
    int heads = 1;
    int headDim = 1;
    if (!ports.cache().isEmpty()) {
      heads = size(ports, 1, kvHeads(json), json, "num_key_value_heads");
      headDim = size(ports, 3, headDim(json), json, "head_dim");
    }
    if ((long) heads * headDim > Integer.MAX_VALUE) {
      throw json.error(
          "head_dim",
          "keys must have fewer than 2^31 elements but have %s heads of %s"
              .formatted(heads, headDim));
    }
    Tokens tokens = tokens(json, generation);
    String type = json.string("model_type");
    return new DecoderConfig(
        type == null ? "onnx" : type,
        vocab > 0 ? Math.toIntExact(vocab) : json.requiredSize("vocab_size"),
        heads * headDim,
        ports.cache().size() / 2,
        heads,
        heads,
        headDim,
        heads * headDim,
        context(json),
        Norm.LAYER_NORM,
        1e-5,
        Activation.GELU_TANH,
        false,
        new LearnedPositions(),
        false,
        QkvArrangement.SEPARATE,
        LinearLayout.OUT_IN,
        false,
        false,
        false,
        true,
        1,
        false,
        tokens.bos(),
        tokens.eos(),
        tokens.pad());
  }

  private record Tokens(@Nullable Integer bos, Set<Integer> eos, @Nullable Integer pad) {}

  /** Special tokens; what a configuration leaves out, its family supplies. */
  private static Tokens tokens(ConfigJson json, @Nullable ConfigJson generation) {
    if (DecoderFamilies.modelTypes().contains(String.valueOf(json.string("model_type")))) {
      try {
        DecoderConfig family = DecoderFamilies.read(json, generation, Set.of()).config();
        return new Tokens(family.bosTokenId(), family.eosTokenIds(), family.padTokenId());
      } catch (CheckpointException e) {
        // A file may hold variants of a family that the engine cannot build.
        return named(json, generation);
      }
    }
    return named(json, generation);
  }

  private static Tokens named(ConfigJson json, @Nullable ConfigJson generation) {
    Set<Integer> eos = new LinkedHashSet<>(json.integers("eos_token_id"));
    if (generation != null) {
      eos.addAll(generation.integers("eos_token_id"));
    }
    eos.removeIf(id -> id < 0);
    return new Tokens(token(json, "bos_token_id"), eos, token(json, "pad_token_id"));
  }

  private static @Nullable Integer token(ConfigJson json, String key) {
    Integer id = json.integer(key);
    return id == null || id < 0 ? null : id;
  }

  /** The context; models with linear biases name none. */
  private static int context(ConfigJson json) {
    return Stream.of("max_position_embeddings", "n_positions", "n_ctx", "seq_length")
        .filter(json::has)
        .findFirst()
        .map(json::requiredSize)
        .orElse(Integer.MAX_VALUE);
  }

  private static int kvHeads(ConfigJson json) {
    return Stream.of("num_key_value_heads", "num_attention_heads", "n_head", "num_heads")
        .filter(json::has)
        .findFirst()
        .map(json::requiredSize)
        .orElse(-1);
  }

  private static int headDim(ConfigJson json) {
    if (json.has("head_dim")) {
      return json.requiredSize("head_dim");
    }
    int width =
        Stream.of("hidden_size", "n_embd")
            .filter(json::has)
            .findFirst()
            .map(json::requiredSize)
            .orElse(-1);
    int heads =
        Stream.of("num_attention_heads", "n_head", "num_heads")
            .filter(json::has)
            .findFirst()
            .map(json::requiredSize)
            .orElse(-1);
    return heads < 1 || width < 1 ? -1 : width / heads;
  }

  /** A size that all keys and values have, of the file or else of the configuration. */
  private static int size(
      DecoderPorts ports, int axis, int configured, ConfigJson json, String key) {
    long size = -1;
    for (DecoderPorts.Cached cached : ports.cache()) {
      long own = cached.past().size(axis);
      if (size >= 0 && own >= 0 && own != size) {
        throw new CheckpointException(
            "all keys and values must have the same sizes but '%s' is %s where another has %s"
                .formatted(cached.past().name(), cached.past(), size));
      }
      size = Math.max(size, own);
    }
    if (size > 0) {
      return Math.toIntExact(size);
    }
    if (configured < 1) {
      throw json.error(key, key + " must be given where the ONNX file leaves it open");
    }
    return configured;
  }

  /** Sizes and special tokens; nothing else of it is known. */
  public DecoderConfig config() {
    return config;
  }

  /** Whether keys and values are cached, so that a step costs one token. */
  public boolean cached() {
    return !ports.cache().isEmpty();
  }

  /** The files that hold the model. */
  public Set<Path> files() {
    return ModelFiles.all(session);
  }

  /** Opens sessions of generation. */
  public DecodeSession.Factory sessions() {
    return (sequences, capacity, steps) -> new OnnxDecodeSession(this);
  }

  /** The logits of whole sequences. */
  public SequenceLogits logits() {
    return new SequenceLogits() {
      @Override
      public int maxColumns() {
        return cached() ? MAX_COLUMNS : Math.min(MAX_COLUMNS, chunk(1));
      }

      @Override
      public void read(List<int[]> sequences, int[] from, Reader reader) {
        OnnxDecoder.this.read(sequences, from, reader);
      }
    };
  }

  private void read(List<int[]> sequences, int[] from, SequenceLogits.Reader reader) {
    int rows = sequences.size();
    int longest = sequences.stream().mapToInt(s -> s.length).max().orElse(0);
    int vocab = config.vocabSize();
    try (OnnxRun run = new OnnxRun(this, rows)) {
      for (int start = 0; start < longest; ) {
        int seq = cached() ? Math.min(chunk(rows), longest - start) : longest;
        long[][] tokens = new long[rows][seq];
        long[][] marks = new long[rows][seq];
        for (int b = 0; b < rows; b++) {
          int[] sequence = sequences.get(b);
          for (int t = 0; t < seq && start + t < sequence.length; t++) {
            tokens[b][t] = sequence[start + t];
            marks[b][t] = 1;
          }
        }
        FloatBuffer logits = run.read(tokens, marks);
        for (int b = 0; b < rows; b++) {
          int end = Math.min(start + seq, sequences.get(b).length);
          for (int column = Math.max(start, from[b]); column < end; column++) {
            int offset = (b * seq + column - start) * vocab;
            reader.read(b, column, logits.slice(offset, vocab));
          }
        }
        start += seq;
      }
    }
  }

  /** Columns that one run should read. */
  int chunk(int rows) {
    return (int)
        Math.max(1, Math.min(MAX_COLUMNS, MAX_LOGITS / ((long) rows * config.vocabSize())));
  }

  OnnxSession session() {
    return session;
  }

  DecoderPorts ports() {
    return ports;
  }

  /** Frees the model once runs in flight have ended; again does nothing. */
  @Override
  public void close() {
    session.close();
  }
}
