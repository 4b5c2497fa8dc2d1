package org.alignment4j.runtime.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import onnx.Onnx;
import org.nd4j.shade.protobuf.ByteString;
import org.nd4j.shade.protobuf.InvalidProtocolBufferException;

/**
 * Damages an ONNX model where bytes rarely reach: the message stays whole, while names, operators,
 * sizes, types and attributes become others. A seed gives the same damage.
 */
final class OnnxMutator {

  private static final int MAX_CHANGES = 4;

  private static final long[] SIZES = {
    0,
    1,
    -1,
    2,
    3,
    7,
    64,
    1000,
    1 << 20,
    100_000_000,
    Integer.MAX_VALUE,
    1L << 32,
    1L << 40,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };

  private static final String[] OPERATORS = {
    "Add",
    "MatMul",
    "Gather",
    "Concat",
    "Slice",
    "Reshape",
    "Transpose",
    "Cast",
    "Where",
    "Expand",
    "Tile",
    "Range",
    "Pad",
    "OneHot",
    "ConstantOfShape",
    "EyeLike",
    "Shape",
    "Squeeze",
    "Unsqueeze",
    "Split",
    "Softmax",
    "ReduceSum",
    "ReduceMean",
    "LayerNormalization",
    "If",
    "Loop",
    "Scan",
    "Resize",
    "Conv",
    "Gemm",
    "Einsum",
    "ScatterND",
    "GatherND",
    "NonZero",
    "TopK",
    "CumSum",
    "Identity",
    "Constant",
    "SequenceEmpty",
    "Optional",
    "QuantizeLinear",
    "DequantizeLinear",
    "RandomNormal",
    "Upsample",
    "NoSuchOperator"
  };

  private final List<Onnx.ModelProto> valid = new ArrayList<>();
  private SplittableRandom random = new SplittableRandom(0);

  OnnxMutator(List<byte[]> files) {
    for (byte[] file : files) {
      try {
        valid.add(Onnx.ModelProto.parseFrom(file));
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }

  byte[] input(long seed) {
    random = new SplittableRandom(seed * 0x9e3779b97f4a7c15L + 2);
    Onnx.ModelProto.Builder model = pick(valid).toBuilder();
    int changes = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_CHANGES);
    for (int i = 0; i < changes; i++) {
      change(model);
    }
    return model.build().toByteArray();
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private long size(long old) {
    return random.nextInt(3) == 0
        ? old + random.nextInt(5) - 2
        : SIZES[random.nextInt(SIZES.length)];
  }

  private void change(Onnx.ModelProto.Builder model) {
    Onnx.GraphProto.Builder graph = model.getGraphBuilder();
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> attribute(pick(graph.getNodeBuilderList()));
      case 3, 4 -> initializer(graph);
      case 5 -> pick(graph.getNodeBuilderList()).setOpType(operator());
      case 6 -> rename(graph);
      case 7 -> port(pick(graph.getInputBuilderList()));
      case 8 -> port(pick(graph.getOutputBuilderList()));
      case 9 -> graph.removeNode(random.nextInt(graph.getNodeCount()));
      case 10 -> graph.addNode(random.nextInt(graph.getNodeCount()), pick(graph.getNodeList()));
      case 11 -> removePort(graph);
      case 12 -> model.getOpsetImportBuilder(0).setVersion(random.nextInt(30) - 2);
      case 13 -> graph.addNode(random.nextInt(graph.getNodeCount()), maker(graph));
      case 14 -> sparse(graph);
      default -> function(model);
    }
  }

  private String operator() {
    return OPERATORS[random.nextInt(OPERATORS.length)];
  }

  private String someName(Onnx.GraphProto.Builder graph) {
    return switch (random.nextInt(4)) {
      case 0 -> pick(graph.getInputList()).getName();
      case 1 -> pick(graph.getInitializerList()).getName();
      case 2 -> random.nextBoolean() ? "" : "no.such.name";
      default -> pick(graph.getNodeList()).getOutput(0);
    };
  }

  private void attribute(Onnx.NodeProto.Builder node) {
    if (node.getAttributeCount() == 0 || random.nextInt(6) == 0) {
      String[] names = {"axis", "axes", "to", "value", "perm", "then_branch", "keepdims", "x"};
      node.addAttributeBuilder()
          .setName(names[random.nextInt(names.length)])
          .setType(Onnx.AttributeProto.AttributeType.INT)
          .setI(size(0));
      return;
    }
    Onnx.AttributeProto.Builder attribute = pick(node.getAttributeBuilderList());
    switch (random.nextInt(6)) {
      case 0 -> attribute.setType(Onnx.AttributeProto.AttributeType.values()[random.nextInt(12)]);
      case 1 -> attribute.setI(size(attribute.getI()));
      case 2 -> attribute.addInts(size(1));
      case 3 -> attribute.setF(random.nextBoolean() ? Float.NaN : -1e30f);
      case 4 -> attribute.setS(ByteString.copyFromUtf8("x".repeat(random.nextInt(40))));
      default -> {
        for (int i = 0; i < attribute.getIntsCount(); i++) {
          attribute.setInts(i, size(attribute.getInts(i)));
        }
      }
    }
  }

  private void initializer(Onnx.GraphProto.Builder graph) {
    Onnx.TensorProto.Builder tensor = pick(graph.getInitializerBuilderList());
    int dims = tensor.getDimsCount();
    switch (random.nextInt(7)) {
      case 0 -> tensor.setDataType(random.nextInt(28) - 1);
      case 1 -> tensor.addDims(size(1));
      case 2 -> tensor.clearRawData();
      case 3 -> tensor.setRawData(ByteString.copyFrom(new byte[random.nextInt(64)]));
      case 4 -> tensor.clearDims().addDims(size(1)).setRawData(ByteString.EMPTY);
      case 5 -> numbers(tensor);
      default -> {
        if (dims > 0) {
          int axis = random.nextInt(dims);
          tensor.setDims(axis, size(tensor.getDims(axis)));
        }
      }
    }
  }

  /** Other whole numbers, such as shapes that are data. */
  private void numbers(Onnx.TensorProto.Builder tensor) {
    byte[] bytes = tensor.getRawData().toByteArray();
    if (bytes.length >= Long.BYTES) {
      java.nio.ByteBuffer.wrap(bytes)
          .order(java.nio.ByteOrder.LITTLE_ENDIAN)
          .putLong(Long.BYTES * random.nextInt(bytes.length / Long.BYTES), size(1));
    }
    tensor.setRawData(ByteString.copyFrom(bytes));
  }

  private void rename(Onnx.GraphProto.Builder graph) {
    Onnx.NodeProto.Builder node = pick(graph.getNodeBuilderList());
    if (node.getInputCount() > 0 && random.nextInt(4) > 0) {
      node.setInput(random.nextInt(node.getInputCount()), someName(graph));
    } else {
      node.setOutput(0, someName(graph));
    }
  }

  private void port(Onnx.ValueInfoProto.Builder port) {
    Onnx.TypeProto.Tensor.Builder type = port.getTypeBuilder().getTensorTypeBuilder();
    switch (random.nextInt(5)) {
      case 0 -> type.setElemType(random.nextInt(26));
      case 1 -> type.clearShape();
      case 2 -> type.getShapeBuilder().addDimBuilder().setDimValue(size(1));
      case 3 -> port.setName(random.nextBoolean() ? "" : "renamed");
      default -> {
        if (type.getShape().getDimCount() > 0) {
          pick(type.getShapeBuilder().getDimBuilderList()).setDimValue(size(1));
        }
      }
    }
  }

  private void removePort(Onnx.GraphProto.Builder graph) {
    if (random.nextBoolean() && graph.getInputCount() > 1) {
      graph.removeInput(random.nextInt(graph.getInputCount()));
    } else if (graph.getOutputCount() > 1) {
      graph.removeOutput(random.nextInt(graph.getOutputCount()));
    }
  }

  /** A node that makes much of little, which a runtime may do while it loads. */
  private Onnx.NodeProto maker(Onnx.GraphProto.Builder graph) {
    String name = "made" + random.nextInt(1000);
    graph.addInitializer(
        Onnx.TensorProto.newBuilder()
            .setName(name + ".size")
            .setDataType(Onnx.TensorProto.DataType.INT64_VALUE)
            .addDims(1)
            .addInt64Data(random.nextBoolean() ? 50_000_000 : size(1)));
    String[] kinds = {"ConstantOfShape", "Expand", "Tile", "Range", "OneHot", "EyeLike", "Pad"};
    String kind = kinds[random.nextInt(kinds.length)];
    Onnx.NodeProto.Builder node = Onnx.NodeProto.newBuilder().setOpType(kind).setName(name);
    if (!kind.equals("ConstantOfShape")) {
      node.addInput(pick(graph.getInitializerList()).getName());
    }
    return node.addInput(name + ".size").addOutput(someName(graph)).build();
  }

  private void sparse(Onnx.GraphProto.Builder graph) {
    Onnx.TensorProto old = pick(graph.getInitializerList());
    graph.addSparseInitializer(
        Onnx.SparseTensorProto.newBuilder().setValues(old).addDims(size(1)).setIndices(old));
  }

  /** Functions, each of which calls the one before it, or itself, twice. */
  private void function(Onnx.ModelProto.Builder model) {
    int depth = 1 + random.nextInt(40);
    boolean circle = random.nextInt(4) == 0;
    for (int i = 0; i < depth; i++) {
      String called = i == 0 ? (circle ? "f0" : "Neg") : "f" + (i - 1);
      String domain = called.equals("Neg") ? "" : "f";
      model.addFunctions(
          Onnx.FunctionProto.newBuilder()
              .setName("f" + i)
              .setDomain("f")
              .addInput("x")
              .addOutput("y")
              .addOpsetImport(model.getOpsetImport(0))
              .addNode(call(called, domain, "x", "m"))
              .addNode(call(called, domain, "m", "y")));
    }
    Onnx.NodeProto.Builder caller = pick(model.getGraphBuilder().getNodeBuilderList());
    caller.setDomain("f").setOpType("f" + (depth - 1)).clearAttribute();
    model.addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("f").setVersion(1));
  }

  private static Onnx.NodeProto call(String called, String domain, String from, String to) {
    return Onnx.NodeProto.newBuilder()
        .setOpType(called)
        .setDomain(domain)
        .addInput(from)
        .addOutput(to)
        .build();
  }
}
