package org.alignment4j.runtime.onnx;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.RotaryPositions;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.AttentionInputs;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.StoredTensor;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.Tensor;

/** What exported files of decoders have in common, whatever their head. */
final class ExportedParts {

  static final Dim BATCH = Dim.symbol("batch");
  static final Dim SEQ = Dim.symbol("seq");

  private static final Map<String, String> SYMBOLS =
      Map.of(
          "batch", "batch_size",
          "rows", "batch_size",
          "seq", "sequence_length",
          "past", "past_sequence_length",
          "keys", "past_sequence_length + sequence_length");

  /**
   * What files are fed of their tokens.
   *
   * @param ids {@code [batch, seq]}
   * @param marks 1 for tokens and 0 for padding, {@code [batch, keys]}
   * @param counted positions that the marks count, {@code [batch, keys]}
   */
  record Columns(Value ids, Value marks, Value counted) {}

  private ExportedParts() {}

  /**
   * Declares {@code input_ids} and {@code attention_mask}, and binds the decoder's tokens and mask.
   *
   * @param keys columns of the mask, the last of which are those of the tokens
   */
  static Columns columns(Ops ops, Dim keys) {
    Graph graph = ops.graph();
    Value ids = graph.input(OnnxNames.INPUT_IDS, ElementType.INT64, Shape.of(BATCH, SEQ));
    graph.bind(GraphNames.TOKENS, ids);
    Value marks = graph.input(OnnxNames.ATTENTION_MASK, ElementType.INT64, Shape.of(BATCH, keys));
    AttentionInputs attention = new AttentionInputs(ops);
    Value counted = attention.positions(marks);
    graph.bind(GraphNames.MASK, attention.causalMask(marks, SEQ));
    return new Columns(ids, marks, counted);
  }

  /** Binds what the decoder reads of positions. */
  static void bindPositions(Graph graph, DecoderConfig config, Value positions) {
    graph.bind(GraphNames.POSITIONS, positions);
    if (config.positions() instanceof RotaryPositions rotary
        && rotary.scaling().trainedLength().isPresent()) {
      graph.bind(GraphNames.ROPE_INDICES, positions);
    }
  }

  /**
   * The file of a graph with the decoder's parameters in it.
   *
   * @param outputNames names of outputs in the file, by their names in the graph
   */
  static OnnxFile file(
      Graph graph, Map<String, String> outputNames, DecoderEngine engine, Weights weights) {
    return OnnxFile.of(graph, outputNames, SYMBOLS, parameters(graph, engine, weights));
  }

  private static List<StoredTensor> parameters(Graph graph, DecoderEngine engine, Weights weights) {
    List<StoredTensor> stored = new ArrayList<>();
    for (Value input : graph.inputs()) {
      String name = input.name();
      if (weights.contains(name)) {
        stored.add(new StoredTensor(name, weights.get(name).shape(), weights.get(name).data()));
      } else if (engine.constants().containsKey(name)) {
        stored.add(rows(name, engine.constants().get(name), engine.architecture().config()));
      }
    }
    return stored;
  }

  /** A table of angles, as long as the context. */
  private static StoredTensor rows(String name, Tensor table, DecoderConfig config) {
    long half = table.shape()[1];
    int context = context(config);
    FloatBuffer data = table.floats().slice(0, Math.toIntExact(context * half));
    return new StoredTensor(name, new long[] {context, half}, data);
  }

  /** Most tokens of a sequence that a file serves. */
  static int context(DecoderConfig config) {
    return config.positions() instanceof RotaryPositions rotary
        ? rotary.scaling().trainedLength().orElse(config.maxPositions())
        : config.maxPositions();
  }
}
