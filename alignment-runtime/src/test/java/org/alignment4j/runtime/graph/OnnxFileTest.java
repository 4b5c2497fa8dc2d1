package org.alignment4j.runtime.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a graph with its parameters inside or beside. */
class OnnxFileTest {

  /** Two of them exceed what one message may hold. */
  private static final int LARGE = 300 << 20;

  @TempDir Path folder;

  private static OnnxFile file(FloatBuffer data, int count) {
    Graph graph = Graph.portable();
    List<StoredTensor> stored = new ArrayList<>();
    Value sum = graph.parameter("x", Shape.of(data.capacity()), false);
    for (int i = 0; i < count; i++) {
      String name = "w" + i;
      stored.add(new StoredTensor(name, new long[] {data.capacity()}, data));
      sum = new Ops(graph).add(sum, graph.parameter(name, Shape.of(data.capacity()), false));
    }
    graph.output("y", sum);
    return OnnxFile.of(graph, Map.of(), Map.of(), stored);
  }

  @Test
  void parametersBeyondTwoGibibytesAreOutside() throws IOException {
    FloatBuffer sparse;
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve("sparse"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      sparse = channel.map(FileChannel.MapMode.READ_WRITE, 0, 4L * LARGE).asFloatBuffer();
    }
    assertThat(file(sparse, 1).needsExternalData()).isFalse();
    OnnxFile two = file(sparse, 2);
    assertThat(two.needsExternalData()).isTrue();
    assertThatThrownBy(() -> two.write(Channels.newChannel(new ByteArrayOutputStream())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 GiB");
    Path model = folder.resolve("model.onnx");
    try (var out = Files.newOutputStream(model)) {
      two.write(Channels.newChannel(out), "sparse");
    }
    // The second tensor lies behind the end of the data.
    assertThatThrownBy(() -> OnnxStructure.read(model))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("'w1'", "sparse", Integer.toString(4 * LARGE));
  }

  @Test
  void bothFormsHoldTheSameNumbers() throws IOException {
    float[] values = {1, -2, 3.5f};
    OnnxFile file = file(FloatBuffer.wrap(values), 2);
    Path inline = folder.resolve("inline.onnx");
    Path outside = folder.resolve("outside.onnx");
    Path data = folder.resolve("numbers");
    try (var one = Files.newOutputStream(inline);
        var two = Files.newOutputStream(outside);
        var three = Files.newOutputStream(data)) {
      file.write(Channels.newChannel(one));
      file.write(Channels.newChannel(two), "numbers");
      file.writeData(Channels.newChannel(three));
    }
    assertThat(OnnxStructure.read(inline).externalFiles()).isEmpty();
    assertThat(OnnxStructure.read(outside).externalFiles())
        .containsExactly(data.toAbsolutePath().normalize());
    var tensors =
        onnx.Onnx.ModelProto.parseFrom(Files.readAllBytes(inline)).getGraph().getInitializerList();
    assertThat(tensors).hasSize(2);
    byte[] beside = Files.readAllBytes(data);
    for (int i = 0; i < 2; i++) {
      byte[] raw = tensors.get(i).getRawData().toByteArray();
      assertThat(raw).hasSize(12);
      assertThat(beside).startsWith(raw);
      assertThat(java.util.Arrays.copyOfRange(beside, 4096 * i, 4096 * i + 12)).isEqualTo(raw);
      float[] read = new float[3];
      java.nio.ByteBuffer.wrap(raw)
          .order(java.nio.ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(read);
      assertThat(read).isEqualTo(values);
    }
  }

  @Test
  void parametersMustBeInputsOnce() {
    Graph graph = Graph.portable();
    Value x = graph.parameter("x", Shape.of(1), false);
    graph.output("y", x);
    StoredTensor other = new StoredTensor("z", new long[] {1}, FloatBuffer.allocate(1));
    assertThatThrownBy(() -> OnnxFile.of(graph, Map.of(), Map.of(), List.of(other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'z'");
    assertThatThrownBy(() -> new StoredTensor("z", new long[] {2}, FloatBuffer.allocate(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anInputIsBoundBeforeItIsDeclared() {
    Graph graph = Graph.portable();
    Value x = graph.input("ids", ElementType.INT64, Shape.of(3));
    graph.bind("tokens", x);
    assertThat(graph.input("tokens", ElementType.INT64, Shape.of(3))).isEqualTo(x);
    assertThatThrownBy(() -> graph.input("tokens", ElementType.INT32, Shape.of(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens");
    assertThatThrownBy(() -> graph.bind("tokens", x)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> graph.bind("ids", x)).isInstanceOf(IllegalArgumentException.class);
  }
}
