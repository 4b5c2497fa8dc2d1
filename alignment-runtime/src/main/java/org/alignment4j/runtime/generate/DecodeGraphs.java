package org.alignment4j.runtime.generate;

import java.nio.FloatBuffer;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.RunResult;

/** The graphs of decoding: logits of selected rows beside the grown cache. */
final class DecodeGraphs {

  static final String LOGITS = "logits";

  private record Key(String use, Set<String> adapterInputs, Object structure) {}

  private DecodeGraphs() {}

  /** Grouped-query attention over a shared buffer. */
  static CompiledGraph groupedQuery(DecoderInstance model) {
    return model.decoding(
        new Key("decode with grouped-query attention", model.adapterInputs(), "none"),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder =
              decoder(
                  ops, architecture, model, AttentionKind.GROUPED_QUERY, Instrumentation.none());
          ops.graph().output(LOGITS, decoder.rowLogits(decoder.residual(), false));
          return ops.graph();
        });
  }

  /** Primitive attention over a growing cache, where every hook point exists. */
  static GraphLease cached(DecoderInstance model, Instrumentation instrumentation) {
    Key key = new Key("decode with cache", model.adapterInputs(), instrumentation.structure());
    Function<Architecture, Graph> build =
        architecture -> cachedGraph(architecture, model, instrumentation);
    return instrumentation.isNone()
        ? GraphLease.lasting(model.decoding(key, build))
        : model.hookedDecoding(key, build);
  }

  static Graph cachedGraph(
      Architecture architecture, DecoderInstance model, Instrumentation instrumentation) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    DecoderGraph decoder = decoder(ops, architecture, model, AttentionKind.CACHED, instrumentation);
    ops.graph().output(LOGITS, decoder.rowLogits(decoder.residual(), false));
    return ops.graph();
  }

  private static DecoderGraph decoder(
      Ops ops,
      Architecture architecture,
      DecoderInstance model,
      AttentionKind kind,
      Instrumentation instrumentation) {
    return new DecoderGraph(ops, architecture, kind, model.training(), instrumentation.tap(ops));
  }

  static float[] floats(RunResult result) {
    FloatBuffer buffer = result.get(LOGITS).floats();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
