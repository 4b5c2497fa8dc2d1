package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import onnx.Onnx;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.onnx.OnnxExportOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.shade.protobuf.ByteString;

/** Damaged and malicious ONNX files, and folders that cannot be written. */
class HostileOnnxTest {

  private static final int INT4 = 22;

  @TempDir Path parent;

  private Path folder;
  private Path file;

  @BeforeEach
  void export() {
    folder = parent.resolve("model");
    file = folder.resolve("model.onnx");
    try (DecoderModel model = TestModels.small()) {
      model.exportOnnx(folder, OnnxExportOptions.defaults().externalData(true));
    }
  }

  @Test
  void nothingIsLeftBesideTheFolder() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      assertThat(files).containsExactly(folder);
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("config.json", "model.onnx", "model.onnx_data");
    }
    assertThat(Files.readString(folder.resolve("config.json"))).contains("\"float32\"");
  }

  @Test
  void aFileInTheWayIsNamedAndStays() throws IOException {
    Path target = Files.writeString(parent.resolve("taken"), "mine");
    try (DecoderModel model = TestModels.small()) {
      assertThatThrownBy(() -> model.exportOnnx(target))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("taken");
    }
    assertThat(Files.readString(target)).isEqualTo("mine");
    try (Stream<Path> files = Files.list(parent)) {
      assertThat(files).containsExactlyInAnyOrder(folder, target);
    }
  }

  @Test
  void aClosedModelIsNotExported() {
    DecoderModel model = TestModels.small();
    model.close();
    assertThatThrownBy(() -> model.exportOnnx(parent.resolve("closed")))
        .isInstanceOf(IllegalStateException.class);
    assertThat(parent.resolve("closed")).doesNotExist();
  }

  @Test
  void dataOutsideThatIsMissingOrShort() throws IOException {
    Path data = folder.resolve("model.onnx_data");
    byte[] all = Files.readAllBytes(data);
    Files.write(data, java.util.Arrays.copyOf(all, all.length - 1));
    refused("model.onnx_data", "bytes");
    Files.delete(data);
    refused("model.onnx_data", "must exist");
    Files.createDirectory(data);
    refused("model.onnx_data", "no file of its folder");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret", "/etc/passwd", "a/../../secret", ".", "", "..\\secret", "a\0b"})
  void dataOutsideTheFolder(String location) throws IOException {
    Files.writeString(parent.resolve("secret"), "x".repeat(1 << 20));
    entry("location", location);
    refused("no file of its folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "9223372036854775807", "99999999999999999999", "x"})
  void offsetsAndLengthsOutsideTheData(String number) throws IOException {
    entry("offset", number);
    refused("bytes");
    export();
    entry("length", number);
    refused("bytes");
  }

  private void entry(String key, String value) throws IOException {
    OnnxEdits.rewrite(
        file,
        graph ->
            graph.getInitializerBuilderList().stream()
                .filter(t -> t.getExternalDataCount() > 0)
                .limit(1)
                .flatMap(t -> t.getExternalDataBuilderList().stream())
                .filter(e -> e.getKey().equals(key))
                .forEach(e -> e.setValue(value)));
  }

  @Test
  void tensorsOfOtherSizesThanTheirShapes() throws IOException {
    OnnxEdits.rewrite(
        file,
        g ->
            g.addInitializer(
                Onnx.TensorProto.newBuilder()
                    .setName("short")
                    .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
                    .addDims(3)
                    .setRawData(ByteString.copyFrom(new byte[8]))));
    refused("'short'", "8 bytes");
    export();
    OnnxEdits.rewrite(
        file,
        g ->
            g.addInitializer(
                Onnx.TensorProto.newBuilder()
                    .setName("vast")
                    .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
                    .addAllDims(List.of(1L << 40, 1L << 40))
                    .setRawData(ByteString.copyFrom(new byte[8]))));
    refused("'vast'");
    export();
    empty(Onnx.TensorProto.newBuilder().setDataType(Onnx.TensorProto.DataType.INT64_VALUE));
    refused("'empty'", "100000000 elements", "0 bytes");
    export();
    empty(
        Onnx.TensorProto.newBuilder()
            .setDataType(Onnx.TensorProto.DataType.FLOAT_VALUE)
            .addFloatData(1));
    refused("'empty'", "100000000 elements", "bytes");
    export();
    empty(Onnx.TensorProto.newBuilder().setDataType(INT4).setRawData(ByteString.EMPTY));
    refused("'empty'", "100000000 elements", "0 bytes");
  }

  /** A runtime may read a shape from it, and make room for every size. */
  private void empty(Onnx.TensorProto.Builder tensor) throws IOException {
    OnnxEdits.rewrite(file, g -> g.addInitializer(tensor.setName("empty").addDims(100_000_000)));
  }

  @Test
  void graphsWithinGraphs() throws IOException {
    Onnx.GraphProto inner = Onnx.GraphProto.newBuilder().setName("g").build();
    for (int i = 0; i < 300; i++) {
      inner =
          Onnx.GraphProto.newBuilder()
              .setName("g")
              .addNode(
                  Onnx.NodeProto.newBuilder()
                      .setOpType("If")
                      .addAttribute(
                          Onnx.AttributeProto.newBuilder().setName("then_branch").setG(inner)))
              .build();
    }
    Files.write(
        file,
        Onnx.ModelProto.newBuilder()
            .setIrVersion(10)
            .setGraph(inner)
            .addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setVersion(21))
            .build()
            .toByteArray());
    refused("nest");
  }

  @Test
  void sparseTensors() throws IOException {
    Onnx.SparseTensorProto sparse =
        Onnx.SparseTensorProto.newBuilder()
            .addDims(1L << 30)
            .setValues(OnnxEdits.longs("sparse", 1))
            .setIndices(OnnxEdits.longs("", 0))
            .build();
    OnnxEdits.rewrite(file, g -> g.addSparseInitializer(sparse));
    refused("sparse tensor");
    export();
    OnnxEdits.rewrite(
        file,
        g ->
            g.addNode(
                OnnxEdits.node("Constant", "sparse")
                    .addAttribute(
                        Onnx.AttributeProto.newBuilder()
                            .setName("sparse_value")
                            .setSparseTensor(sparse))));
    refused("sparse tensor");
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, 65, -65})
  void axesThatNoTensorHas(long axis) throws IOException {
    OnnxEdits.rewrite(
        file,
        g ->
            g.addNode(
                OnnxEdits.node("Gather", "gathered", "logits", "input_ids")
                    .addAttribute(
                        Onnx.AttributeProto.newBuilder()
                            .setName("axis")
                            .setType(Onnx.AttributeProto.AttributeType.INT)
                            .setI(axis))));
    refused("but one is " + axis);
  }

  /** Each calls the one before it twice: a kilobyte that stands for two to the 40th nodes. */
  @Test
  void functionsThatStandForEndlessGraphs() throws IOException {
    functions(40, "Neg", "");
    refused("20000 nodes");
    export();
    functions(1, "f0", "f");
    refused("call themselves");
    export();
    functions(200, "Neg", "");
    refused("nest deeper");
  }

  private void functions(int depth, String first, String domain) throws IOException {
    Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    for (int i = 0; i < depth; i++) {
      String called = i == 0 ? first : "f" + (i - 1);
      model.addFunctions(
          Onnx.FunctionProto.newBuilder()
              .setName("f" + i)
              .setDomain("f")
              .addNode(OnnxEdits.node(called, "y", "x").setDomain(i == 0 ? domain : "f"))
              .addNode(OnnxEdits.node(called, "z", "y").setDomain(i == 0 ? domain : "f")));
    }
    model
        .getGraphBuilder()
        .addNode(OnnxEdits.node("f" + (depth - 1), "called", "logits").setDomain("f"));
    Files.write(file, model.build().toByteArray());
  }

  @Test
  void aFunctionDefinedTwice() throws IOException {
    functions(1, "Neg", "");
    functions(1, "Abs", "");
    refused("'f f0' twice");
  }

  /** Eight bytes that ask for 400 megabytes while the model loads. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
  void constantsOutOfAllProportion() throws IOException {
    OnnxLanguageModel.load(folder, TestModels.CPU).close();
    long before = peakKilobytes();
    OnnxEdits.rewrite(
        file,
        g ->
            g.addInitializer(OnnxEdits.longs("size", 100_000_000))
                .addNode(OnnxEdits.node("ConstantOfShape", "zeros", "size"))
                .addNode(OnnxEdits.node("ReduceSum", "sum", "zeros"))
                .addOutput(Onnx.ValueInfoProto.newBuilder().setName("sum")));
    try (OnnxLanguageModel model = OnnxLanguageModel.load(folder, TestModels.CPU)) {
      assertThat(model.cached()).isTrue();
    }
    assertThat(peakKilobytes() - before).isLessThan(200 << 10);
  }

  private static long peakKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void sizesThatNoArrayHas() throws IOException {
    OnnxEdits.rewrite(
        file,
        g ->
            g.getOutputBuilderList().stream()
                .filter(o -> o.getName().equals("logits"))
                .forEach(o -> size(o, 2, 1L << 40)));
    refused("'logits' must have sizes up to");
    export();
    OnnxEdits.rewrite(
        file,
        g ->
            g.getInputBuilderList().stream()
                .filter(i -> i.getName().startsWith("past_key_values."))
                .forEach(i -> size(i, 3, 1L << 40)));
    refused("model.onnx");
    export();
    OnnxEdits.rewrite(
        file,
        g ->
            g.getInputBuilderList().stream()
                .filter(i -> i.getName().startsWith("past_key_values."))
                .forEach(i -> clear(i)));
    Path config = folder.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("{", "{\"head_dim\": 2147483647,"));
    refused("config.json", "head_dim");
  }

  private static void clear(Onnx.ValueInfoProto.Builder port) {
    size(port, 1, -1);
    size(port, 3, -1);
  }

  private static void size(Onnx.ValueInfoProto.Builder port, int axis, long size) {
    Onnx.TensorShapeProto.Dimension.Builder dim =
        port.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilder(axis);
    if (size < 0) {
      dim.setDimParam("open" + axis);
    } else {
      dim.setDimValue(size);
    }
  }

  @Test
  void filesThatAreNoModel() throws IOException {
    Files.write(file, new byte[0]);
    refused("bytes");
    Files.writeString(file, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n");
    refused("model.onnx");
    Files.write(file, Onnx.ModelProto.newBuilder().setIrVersion(10).build().toByteArray());
    refused("no graph");
    OnnxEdits.rewrite(file, g -> g.setName("empty"));
    refused("operator set");
  }

  private void refused(String... messages) {
    assertThatThrownBy(() -> OnnxLanguageModel.load(folder, TestModels.CPU))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(messages);
  }
}
