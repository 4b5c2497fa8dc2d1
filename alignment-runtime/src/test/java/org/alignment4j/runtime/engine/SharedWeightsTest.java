package org.alignment4j.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.runtime.architecture.Architecture;
import org.alignment4j.runtime.architecture.InitialWeights;
import org.alignment4j.runtime.architecture.LlamaConfigs;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.Ops;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.alignment4j.runtime.session.CompiledGraph;
import org.alignment4j.runtime.session.DevicePolicy;
import org.alignment4j.runtime.session.OrtRuntime;
import org.junit.jupiter.api.Test;

/** What models of the same weights have in common. */
class SharedWeightsTest {

  private static final Architecture SMALL = LlamaConfigs.create(120, 32, 2, 4, 2, 64, 48, 1, 2);
  private static final String NORM = "model.norm.weight";

  private final Weights weights = InitialWeights.create(SMALL, 5);

  private DecoderEngine engine(boolean packsFloats) {
    return new DecoderEngine(OrtRuntime.create(DevicePolicy.CPU), SMALL, weights, packsFloats);
  }

  /** Twice the gain of the last norm. */
  private static Graph graph(Architecture architecture) {
    Ops ops = new Ops(new Graph(ElementType.FLOAT));
    Value gain = ops.graph().parameter(NORM, Shape.of(architecture.config().hiddenSize()), false);
    ops.graph().output("twice", ops.add(gain, gain));
    return ops.graph();
  }

  private static CompiledGraph decoding(DecoderInstance model) {
    return model.decoding("a graph", SharedWeightsTest::graph);
  }

  @Test
  void aPackedGraphServesEveryModelOfTheSameWeights() {
    DecoderEngine engine = engine(true);
    DecoderInstance one = DecoderInstance.bind(engine, weights, LoraInputs.none());
    DecoderInstance same = DecoderInstance.bind(engine, weights, LoraInputs.none());
    DecoderInstance other =
        DecoderInstance.bind(engine, InitialWeights.create(SMALL, 6), LoraInputs.none());
    engine.release();
    CompiledGraph packed = decoding(one);
    assertThat(packed.inputNames()).isEmpty();
    assertThat(decoding(same)).isSameAs(packed);
    assertThat(decoding(other)).isNotSameAs(packed);
    one.close();
    assertThat(decoding(same)).isSameAs(packed);
    same.close();
    DecoderInstance again = DecoderInstance.bind(engine, weights, LoraInputs.none());
    assertThat(decoding(again)).isNotSameAs(packed);
    again.close();
    other.close();
  }

  @Test
  void floatsAreFedWhereTheyAreNotPacked() {
    for (boolean packsFloats : new boolean[] {false, true}) {
      DecoderEngine engine = engine(packsFloats);
      DecoderInstance model = DecoderInstance.bind(engine, weights, LoraInputs.none());
      engine.release();
      if (!packsFloats) {
        assertThat(decoding(model).inputNames()).containsExactly(NORM);
      }
      try (GraphLease hooked = model.hookedDecoding("hooked", SharedWeightsTest::graph)) {
        assertThat(hooked.graph().inputNames()).containsExactly(NORM);
      }
      model.close();
    }
  }

  @Test
  void closingReleasesTheEngineThoughFreeingFails() {
    DecoderEngine engine = engine(true);
    AtomicInteger further = new AtomicInteger();
    DecoderInstance model =
        DecoderInstance.bind(engine, weights, LoraInputs.none(), further::incrementAndGet);
    engine.release();
    // ONNX Runtime refuses to close a graph twice.
    decoding(model).close();
    assertThatThrownBy(model::close).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(engine::retain).hasMessageContaining("the model is closed");
    assertThat(further.get()).isOne();
    model.close();
    assertThat(further.get()).isOne();
  }

  @Test
  void everyReleaseIsTried() {
    List<Integer> taken = new ArrayList<>();
    IllegalStateException first = new IllegalStateException("first");
    IllegalArgumentException second = new IllegalArgumentException("second");
    assertThatThrownBy(
            () ->
                Releases.all(
                    List.of(
                        () -> taken.add(1),
                        () -> {
                          throw first;
                        },
                        () -> taken.add(3),
                        () -> {
                          throw second;
                        },
                        () -> taken.add(5))))
        .isSameAs(first)
        .hasSuppressedException(second);
    assertThat(taken).containsExactly(1, 3, 5);
  }
}
