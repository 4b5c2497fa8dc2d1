package org.alignment4j.runtime.score;

import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.AttentionKind;
import org.alignment4j.runtime.architecture.DecoderGraph;
import org.alignment4j.runtime.architecture.ParameterNames.Extra;
import org.alignment4j.runtime.architecture.Tap;
import org.alignment4j.runtime.engine.DecoderInstance;
import org.alignment4j.runtime.engine.GraphLease;
import org.alignment4j.runtime.engine.Instrumentation;
import org.alignment4j.runtime.graph.Dim;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;

/**
 * The graphs of scoring: the blocks give rows, the head turns few of them at a time into scores.
 */
final class ScoringGraphs {

  static final String HIDDEN = "hidden";
  static final String LOG_PROBS = "log_probs";
  private static final Dim ROWS = Dim.symbol("rows");

  private record Key(String use, Set<String> adapterInputs, Object structure) {}

  private ScoringGraphs() {}

  /** Normalised rows of the last block, {@code hidden [rows, dModel]}. */
  static CompiledGraph blocks(DecoderInstance model) {
    return model.scoring(
        new Key("score blocks", model.adapterInputs(), "none"),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder = decoder(ops, architecture, model, Tap.none());
          Value rows = decoder.selectRows(decoder.residual(), false);
          ops.graph().output(HIDDEN, decoder.finalNorm(rows));
          return ops.graph();
        });
  }

  /** {@link #blocks} of rows that follow a prefix, whose keys and values are inputs. */
  static CompiledGraph blocksAfterPrefix(DecoderInstance model) {
    return model.scoring(
        new Key("score blocks after a prefix", model.adapterInputs(), "none"),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder =
              decoder(ops, architecture, model, AttentionKind.AFTER_PREFIX, Tap.none());
          Value rows = decoder.selectRows(decoder.residual(), false);
          ops.graph().output(HIDDEN, decoder.finalNorm(rows));
          return ops.graph();
        });
  }

  /** Keys and values of every block, of tokens after those whose keys and values are inputs. */
  static CompiledGraph prefix(DecoderInstance model) {
    return model.scoring(
        new Key("keys of a prefix", model.adapterInputs(), "none"),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder =
              decoder(ops, architecture, model, AttentionKind.CACHED, Tap.none());
          decoder.residual();
          return ops.graph();
        });
  }

  /** The head: {@code hidden [rows, dModel]} to {@code log_probs [rows, vocab]}. */
  static CompiledGraph head(DecoderInstance model) {
    return model.scoring(
        new Key("score head", headInputs(model), "none"),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          Dim width = Dim.of(architecture.config().hiddenSize());
          Value hidden = ops.graph().parameter(HIDDEN, Shape.of(ROWS, width), false);
          Value logits = decoder(ops, architecture, model, Tap.none()).logits(hidden);
          ops.graph().output(LOG_PROBS, ops.logSoftmax(logits));
          return ops.graph();
        });
  }

  /** The adapters' inputs of the head, which has one linear that can be adapted or none. */
  private static Set<String> headInputs(DecoderInstance model) {
    Architecture architecture = model.engine().architecture();
    if (architecture.config().options().embeddingSize().isEmpty()) {
      return Set.of();
    }
    String linear = architecture.names().extra(Extra.HEAD_PROJECTION) + ".";
    return model.adapterInputs().stream()
        .filter(input -> input.startsWith(linear))
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Everything in one, passing the hook points after the last block. */
  static GraphLease whole(DecoderInstance model, Instrumentation instrumentation) {
    return model.hookedScoring(
        new Key("score", model.adapterInputs(), instrumentation.structure()),
        architecture -> {
          Ops ops = new Ops(new Graph(ElementType.FLOAT));
          DecoderGraph decoder = decoder(ops, architecture, model, instrumentation.tap(ops));
          ops.graph()
              .output(LOG_PROBS, ops.logSoftmax(decoder.rowLogits(decoder.residual(), false)));
          return ops.graph();
        });
  }

  private static DecoderGraph decoder(
      Ops ops, Architecture architecture, DecoderInstance model, Tap tap) {
    return decoder(ops, architecture, model, AttentionKind.MASKED, tap);
  }

  private static DecoderGraph decoder(
      Ops ops, Architecture architecture, DecoderInstance model, AttentionKind kind, Tap tap) {
    return new DecoderGraph(ops, architecture, kind, model.training(), tap);
  }
}
