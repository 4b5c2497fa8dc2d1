package org.alignment4j.runtime.onnx;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderConfig.AlibiPositions;
import org.alignment4j.runtime.architecture.DecoderConfig.LearnedPositions;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.AttentionInputs;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;

/**
 * A decoder as an ONNX file with a cache of keys and values, under the names of Optimum, of
 * operators of the ONNX standard only.
 *
 * <p>Inputs: {@code input_ids} int64 {@code [batch, seq]}; {@code attention_mask} int64 {@code
 * [batch, past + seq]}, 1 for tokens and 0 for padding on either side; {@code position_ids} int64
 * {@code [batch, seq]}, except of OPT and BLOOM, which count the mask; {@code
 * past_key_values.N.key} and {@code .value}, {@code [batch, kvHeads, past, headDim]}, of which
 * {@code past} is 0 in the first run. Outputs: {@code logits [batch, seq, vocab]} and {@code
 * present.N.key} and {@code .value} {@code [batch, kvHeads, past + seq, headDim]}.
 *
 * <p>Rotary positions whose frequencies depend on the length ({@code dynamic}, {@code longrope})
 * are those of the trained length, where the context of the file ends.
 *
 * <p>Blocks with a window measure distances between the positions that the mask counts.
 */
public final class DecoderExport {

  private static final Dim PAST = Dim.symbol("past");
  private static final Dim KEYS = Dim.symbol("keys");

  private DecoderExport() {}

  /**
   * The file of a decoder.
   *
   * @param engine of its architecture
   * @param weights every parameter, adapters added; read when the file is written
   * @return the file, not yet written
   */
  public static OnnxFile of(DecoderEngine engine, Weights weights) {
    Architecture architecture = engine.architecture();
    DecoderConfig config = architecture.config();
    Ops ops = new Ops(Graph.portable());
    Graph graph = ops.graph();
    bindInputs(ops, config);
    DecoderGraph decoder =
        new DecoderGraph(
            ops, architecture, AttentionKind.CACHED, DecoderGraph.Training.none(), Tap.none());
    Value logits = decoder.allLogits(decoder.finalNorm(decoder.residual()));
    Map<String, String> names = new HashMap<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      names.put(GraphNames.presentKey(layer), OnnxNames.presentKey(layer));
      names.put(GraphNames.presentValue(layer), OnnxNames.presentValue(layer));
    }
    graph.output(OnnxNames.LOGITS, logits);
    return ExportedParts.file(graph, names, engine, weights);
  }

  private static void bindInputs(Ops ops, DecoderConfig config) {
    Graph graph = ops.graph();
    ExportedParts.Columns columns = ExportedParts.columns(ops, KEYS);
    graph.bind(GraphNames.KEY_POSITIONS, columns.counted());
    ExportedParts.bindPositions(
        graph,
        config,
        readsPositions(config)
            ? graph.input(
                OnnxNames.POSITION_IDS,
                ElementType.INT64,
                Shape.of(ExportedParts.BATCH, ExportedParts.SEQ))
            : new AttentionInputs(ops).last(columns.counted(), ExportedParts.SEQ));
    Shape past =
        Shape.of(ExportedParts.BATCH, Dim.of(config.kvHeads()), PAST, Dim.of(config.headDim()));
    for (int layer = 0; layer < config.layers(); layer++) {
      graph.bind(GraphNames.pastKey(layer), graph.parameter(OnnxNames.pastKey(layer), past, false));
      graph.bind(
          GraphNames.pastValue(layer), graph.parameter(OnnxNames.pastValue(layer), past, false));
    }
  }

  /** Whether Optimum gives models of the family positions, rather than have them count. */
  private static boolean readsPositions(DecoderConfig config) {
    boolean opt = config.positions() instanceof LearnedPositions learned && learned.offset() > 0;
    return !opt && !(config.positions() instanceof AlibiPositions);
  }

  /**
   * The configuration of an exported model: it names the context that the file serves.
   *
   * @param own content of the model's {@code config.json}
   * @param config what it was read as
   * @return the content of the file's {@code config.json}
   */
  public static ConfigJson config(ConfigJson own, DecoderConfig config) {
    int context = ExportedParts.context(config);
    return context < config.maxPositions() ? own.with("max_position_embeddings", context) : own;
  }
}
