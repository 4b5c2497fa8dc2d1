package org.alignment4j.runtime.onnx;

import java.util.Map;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderConfig;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.GraphNames;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.graph.AttentionInputs;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.OnnxFile;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A sequence classifier as an ONNX file under the names of Optimum's task {@code
 * text-classification}, of operators of the ONNX standard only.
 *
 * <p>Inputs: {@code input_ids} int64 {@code [batch, seq]}; {@code attention_mask} int64 {@code
 * [batch, seq]}, 1 for tokens and 0 for padding on either side. Positions count the mask. Output:
 * {@code logits [batch, labels]}, of the last token of each row that is marked and is not the
 * configuration's padding token.
 *
 * <p>Contexts are those of {@link DecoderExport}.
 */
public final class ClassifierExport {

  private static final Dim ROWS = Dim.symbol("rows");

  private ClassifierExport() {}

  /**
   * The file of a classifier.
   *
   * @param engine of its architecture, whose head scores sequences
   * @param weights every parameter, adapters added; read when the file is written
   * @param pad token after which a sequence counts as ended when only it follows, or null for none
   * @return the file, not yet written
   */
  public static OnnxFile of(DecoderEngine engine, Weights weights, @Nullable Integer pad) {
    DecoderConfig config = engine.architecture().config();
    Ops ops = new Ops(Graph.portable());
    Graph graph = ops.graph();
    ExportedParts.Columns columns = ExportedParts.columns(ops, ExportedParts.SEQ);
    ExportedParts.bindPositions(graph, config, columns.counted());
    graph.bind(
        GraphNames.ROWS, new AttentionInputs(ops).ends(columns.ids(), columns.marks(), pad, ROWS));
    DecoderGraph decoder =
        new DecoderGraph(
            ops,
            engine.architecture(),
            AttentionKind.MASKED,
            DecoderGraph.Training.none(),
            Tap.none());
    Value ends = decoder.selectRows(decoder.residual(), false);
    graph.output(OnnxNames.LOGITS, decoder.outputs(decoder.finalNorm(ends)));
    return ExportedParts.file(graph, Map.of(), engine, weights);
  }
}
