package org.alignment4j.runtime.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph as a file that holds its parameters too, or leaves them to a file beside it, as ONNX
 * requires above 2 GiB. Parameters are streamed, never copied whole. Immutable and thread-safe.
 */
public final class OnnxFile {

  /** Most bytes a protocol buffer message may have. */
  private static final long MAX_MESSAGE = Integer.MAX_VALUE;

  /** Tensors outside begin at pages, so that a runtime can map them. */
  private static final int ALIGNMENT = 4096;

  private static final int BLOCK = 1 << 16;
  private static final long EXTERNAL = 1;

  private final byte[] graph;
  private final boolean portable;
  private final List<StoredTensor> parameters;

  private OnnxFile(byte[] graph, boolean portable, List<StoredTensor> parameters) {
    this.graph = graph;
    this.portable = portable;
    this.parameters = parameters;
  }

  /**
   * The file of a graph.
   *
   * @param graph what it computes
   * @param outputNames names of outputs in the file, by their names in the graph; others keep
   *     theirs
   * @param symbolNames names in the file of the sizes known only when it runs, likewise
   * @param parameters inputs of the graph that the file holds instead
   * @return the file, not yet written
   * @throws IllegalArgumentException when a parameter is no input of the graph or occurs twice
   */
  public static OnnxFile of(
      Graph graph,
      Map<String, String> outputNames,
      Map<String, String> symbolNames,
      List<StoredTensor> parameters) {
    Set<String> stored = new HashSet<>();
    Map<String, Value> inputs = new HashMap<>();
    graph.inputs().forEach(v -> inputs.put(v.name(), v));
    for (StoredTensor t : parameters) {
      if (!inputs.containsKey(t.name()) || !stored.add(t.name())) {
        throw new IllegalArgumentException(
            "parameters must be distinct inputs of the graph but '" + t.name() + "' is not");
      }
    }
    Map<String, Value> outputs = new LinkedHashMap<>();
    graph.outputs().forEach((name, v) -> outputs.put(outputNames.getOrDefault(name, name), v));
    List<Value> left = graph.inputs().stream().filter(v -> !stored.contains(v.name())).toList();
    byte[] message =
        graph.message(left, outputs, symbol -> symbolNames.getOrDefault(symbol, symbol)).bytes();
    return new OnnxFile(message, graph.elementary(), List.copyOf(parameters));
  }

  /** Whether one file cannot hold the parameters. */
  public boolean needsExternalData() {
    return inlineSize() > MAX_MESSAGE;
  }

  private long inlineSize() {
    long size = model().size() + graph.length + 16L;
    for (StoredTensor t : parameters) {
      size += head(t).size() + t.bytes() + 32;
    }
    return size;
  }

  private ProtoMessage model() {
    return OnnxWriter.model(!portable);
  }

  private static ProtoMessage head(StoredTensor tensor) {
    return OnnxWriter.tensorHead(tensor.name(), ElementType.FLOAT, tensor.shape());
  }

  /**
   * Writes the file with its parameters.
   *
   * @param channel takes each buffer whole
   * @throws IOException if writing fails
   * @throws IllegalStateException if the parameters must be outside
   */
  public void write(WritableByteChannel channel) throws IOException {
    if (needsExternalData()) {
      throw new IllegalStateException(
          "an ONNX file must have at most 2 GiB but would have "
              + inlineSize()
              + " bytes; store the parameters outside");
    }
    long size = graph.length;
    for (StoredTensor t : parameters) {
      size += opening(t).size() + t.bytes();
    }
    writeFully(channel, model().begin(OnnxWriter.GRAPH, size).bytes());
    writeFully(channel, graph);
    for (StoredTensor t : parameters) {
      writeFully(channel, opening(t).bytes());
      writeData(channel, t);
    }
  }

  /** Everything of an initializer field up to its elements. */
  private static ProtoMessage opening(StoredTensor tensor) {
    ProtoMessage head = head(tensor).begin(9, tensor.bytes());
    ProtoMessage opening =
        new ProtoMessage().begin(OnnxWriter.INITIALIZER, head.size() + tensor.bytes());
    return opening.append(head);
  }

  /**
   * Writes the file without its parameters.
   *
   * @param channel takes each buffer whole
   * @param location name of the file beside it that {@link #writeData} writes
   * @throws IOException if writing fails
   */
  public void write(WritableByteChannel channel, String location) throws IOException {
    ProtoMessage tensors = new ProtoMessage();
    long offset = 0;
    for (StoredTensor t : parameters) {
      tensors.message(
          OnnxWriter.INITIALIZER,
          head(t)
              .message(13, entry("location", location))
              .message(13, entry("offset", Long.toString(offset)))
              .message(13, entry("length", Long.toString(t.bytes())))
              .varint(14, EXTERNAL));
      offset = aligned(offset + t.bytes());
    }
    writeFully(
        channel, model().begin(OnnxWriter.GRAPH, (long) graph.length + tensors.size()).bytes());
    writeFully(channel, graph);
    writeFully(channel, tensors.bytes());
  }

  private static ProtoMessage entry(String key, String value) {
    return new ProtoMessage().string(1, key).string(2, value);
  }

  private static long aligned(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /**
   * Writes the parameters, where they stand in a file of their own.
   *
   * @param channel takes each buffer whole
   * @throws IOException if writing fails
   */
  public void writeData(WritableByteChannel channel) throws IOException {
    for (int i = 0; i < parameters.size(); i++) {
      long bytes = parameters.get(i).bytes();
      writeData(channel, parameters.get(i));
      if (i + 1 < parameters.size()) {
        writeFully(channel, new byte[Math.toIntExact(aligned(bytes) - bytes)]);
      }
    }
  }

  private static void writeData(WritableByteChannel channel, StoredTensor tensor)
      throws IOException {
    FloatBuffer data = tensor.data();
    ByteBuffer block =
        ByteBuffer.allocate(Math.min(BLOCK, data.remaining()) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      int n = Math.min(BLOCK, data.remaining());
      block.clear().asFloatBuffer().put(data.slice(data.position(), n));
      data.position(data.position() + n);
      writeFully(channel, block.limit(n * Float.BYTES));
    }
  }

  private static void writeFully(WritableByteChannel channel, byte[] bytes) throws IOException {
    writeFully(channel, ByteBuffer.wrap(bytes));
  }

  private static void writeFully(WritableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
