package org.alignment4j.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import onnx.Onnx;

/** Changes of ONNX files, by another library's classes of the format. */
final class OnnxEdits {

  private OnnxEdits() {}

  static void rewrite(Path file, Consumer<Onnx.GraphProto.Builder> change) throws IOException {
    Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    change.accept(model.getGraphBuilder());
    Files.write(file, model.build().toByteArray());
  }

  static Onnx.NodeProto.Builder node(String op, String output, String... inputs) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(op)
        .setName(output)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  static Onnx.NodeProto cast(String input, String output, int type) {
    return node("Cast", output, input)
        .addAttribute(
            Onnx.AttributeProto.newBuilder()
                .setName("to")
                .setType(Onnx.AttributeProto.AttributeType.INT)
                .setI(type))
        .build();
  }

  /** Everything that reads or writes a name uses another. */
  static void renameInside(Onnx.GraphProto.Builder graph, String from, String to) {
    for (Onnx.NodeProto.Builder n : graph.getNodeBuilderList()) {
      if (n.getName().equals(from)) {
        n.setName(to);
      }
      for (int i = 0; i < n.getInputCount(); i++) {
        if (n.getInput(i).equals(from)) {
          n.setInput(i, to);
        }
      }
      for (int i = 0; i < n.getOutputCount(); i++) {
        if (n.getOutput(i).equals(from)) {
          n.setOutput(i, to);
        }
      }
    }
  }

  static void renameInput(Onnx.GraphProto.Builder graph, String from, String to) {
    renameInside(graph, from, to);
    graph.getInputBuilderList().stream()
        .filter(i -> i.getName().equals(from))
        .forEach(i -> i.setName(to));
  }

  static void renameOutput(Onnx.GraphProto.Builder graph, String from, String to) {
    renameInside(graph, from, to);
    graph.getOutputBuilderList().stream()
        .filter(o -> o.getName().equals(from))
        .forEach(o -> o.setName(to));
  }

  static void castInput(Onnx.GraphProto.Builder graph, String name, int type) {
    Onnx.ValueInfoProto.Builder input =
        graph.getInputBuilderList().stream()
            .filter(i -> i.getName().equals(name))
            .findFirst()
            .orElseThrow();
    int before = input.getType().getTensorType().getElemType();
    renameInside(graph, name, name + ".cast");
    graph.addNode(0, cast(name, name + ".cast", before));
    input.getTypeBuilder().getTensorTypeBuilder().setElemType(type);
  }

  static void castOutput(Onnx.GraphProto.Builder graph, String name, int type) {
    renameInside(graph, name, name + ".cast");
    graph.addNode(cast(name + ".cast", name, type));
    graph.getOutputBuilderList().stream()
        .filter(o -> o.getName().equals(name))
        .forEach(o -> o.getTypeBuilder().getTensorTypeBuilder().setElemType(type));
  }

  static Onnx.TensorProto longs(String name, long value) {
    return Onnx.TensorProto.newBuilder()
        .setName(name)
        .setDataType(Onnx.TensorProto.DataType.INT64_VALUE)
        .addDims(1)
        .addInt64Data(value)
        .build();
  }
}
