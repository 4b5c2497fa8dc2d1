package org.alignment4j.runtime.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.alignment4j.runtime.graph.ElementType;
import org.alignment4j.runtime.graph.Graph;
import org.alignment4j.runtime.graph.GraphModel;
import org.alignment4j.runtime.graph.Shape;
import org.alignment4j.runtime.graph.Value;
import org.junit.jupiter.api.Test;

/** What was made before something fails is freed. */
class OwnedTensorsTest {

  private final OrtRuntime runtime = OrtRuntime.create(DevicePolicy.CPU);

  private Tensor tensor() {
    return Tensor.copyOf(runtime, new float[1], 1);
  }

  @Test
  void thoseBeforeTheOneThatCannotBeMadeAreClosed() {
    List<Tensor> made = new ArrayList<>();
    assertThatThrownBy(
            () ->
                OwnedTensors.all(
                    tensors -> {
                      for (String name : List.of("a", "b")) {
                        made.add(tensor());
                        tensors.put(name, made.get(made.size() - 1));
                      }
                      tensors.put("c", Tensor.copyOf(runtime, new float[1], 2));
                    }))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(made).hasSize(2).allMatch(Tensor::isClosed);
  }

  @Test
  void whoeverGetsThemClosesThem() {
    Map<String, Tensor> made = OwnedTensors.all(tensors -> tensors.put("a", tensor()));
    assertThat(made.get("a").isClosed()).isFalse();
    Tensor replaced = tensor();
    try (OwnedTensors owned = OwnedTensors.of(made)) {
      owned.put("b", replaced);
      owned.put("b", tensor());
      assertThat(replaced.isClosed()).isTrue();
      assertThat(owned.asMap()).containsOnlyKeys("a", "b");
    }
    assertThat(made.get("a").isClosed()).isTrue();
  }

  @Test
  void noFolderStaysOfPackedWeightsThatCannotBeMade() {
    Graph graph = new Graph(ElementType.FLOAT);
    List<Value> packed =
        List.of(
            graph.input("first", ElementType.FLOAT, Shape.of(4)),
            graph.input("second", ElementType.FLOAT, Shape.of(4)));
    byte[] mark = UUID.randomUUID().toString().getBytes(UTF_8);
    List<Path> used = new ArrayList<>();
    Map<String, Supplier<ByteBuffer>> values =
        Map.of(
            "first",
            () -> ByteBuffer.wrap(mark),
            "second",
            () -> {
              used.addAll(foldersWith(mark));
              throw new IllegalStateException("no values");
            });
    assertThatThrownBy(() -> PackedFolder.create(packed, values)).hasMessage("no values");
    assertThat(used).hasSize(1).noneMatch(Files::exists);
  }

  private static List<Path> foldersWith(byte[] mark) {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(f -> f.getFileName().toString().startsWith("alignment4j-packed"))
          .filter(f -> holds(f.resolve(GraphModel.location(0)), mark))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Other processes have such folders too, which come and go. */
  private static boolean holds(Path file, byte[] mark) {
    try {
      return Files.size(file) == mark.length && Arrays.equals(Files.readAllBytes(file), mark);
    } catch (IOException e) {
      return false;
    }
  }
}
