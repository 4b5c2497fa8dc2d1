package org.alignment4j.runtime.graph;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.CheckpointException;

/**
 * What an ONNX file of any origin is made of, read before a runtime is given it: that its messages
 * are whole, that its tensors have as many bytes as their shapes say, that what it keeps outside is
 * in files beside it, and that its functions do not stand for a graph out of all proportion.
 * Immutable.
 *
 * @param externalFiles the files beside it that hold tensors, in order of their names
 * @param bytes of the file and of those beside it
 * @param constantNodes how many nodes depend on no input of the model, so that a runtime may
 *     compute them while it loads
 */
public record OnnxStructure(Set<Path> externalFiles, long bytes, long constantNodes) {

  /** Graphs nest in attributes; runtimes of protocol buffers stop at 100 messages. */
  private static final int MAX_DEPTH = 90;

  /** Nodes of all functions and calls, once each call is replaced by its function's. */
  private static final int MAX_CALLED_NODES = 20_000;

  /** No operator has values of so many dimensions. */
  private static final int MAX_RANK = 64;

  /** A result that is smaller may always be kept: sizes and positions. */
  private static final long SMALL = 256;

  /**
   * Reads the structure of a file.
   *
   * @param file a serialised {@code ModelProto}
   * @return the structure
   * @throws CheckpointException if the file cannot be read or is no whole ONNX model
   * @throws CancelledException if the thread is interrupted, whose flag stays set
   */
  public static OnnxStructure read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0 || size > Integer.MAX_VALUE) {
        throw new CheckpointException(
            "an ONNX file must have from 1 to 2147483647 bytes but "
                + file
                + " has "
                + size
                + "; larger models keep their tensors in files beside it");
      }
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      Reading reading = new Reading(file);
      reading.model(new ProtoReader(bytes));
      long all = size;
      for (Path beside : reading.tensors.external()) {
        all += Files.size(beside);
      }
      return new OnnxStructure(
          Set.copyOf(reading.tensors.external()), all, reading.constantNodes());
    } catch (ProtoReader.DamagedException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (ClosedByInterruptException e) {
      throw new CancelledException("reading " + file + " was interrupted", e);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * How large the result of a node may be that a runtime computes and keeps while it loads. A few
   * bytes can name a tensor of any size; with this bound all of them together take no more than a
   * few times what the model itself has, as when its weights are widened.
   *
   * @return bytes of one result
   */
  public long largestConstant() {
    return Math.max(SMALL, Math.min(2 * bytes, 4 * bytes / Math.max(1, constantNodes)));
  }

  static CheckpointException damaged(Path file, String problem) {
    return new CheckpointException(
        file + " must be a whole ONNX model but " + problem + "; fetch or export it again");
  }

  /** One file being read. Field numbers are those of {@code onnx.proto}. */
  private static final class Reading {
    private final Path file;
    private final OnnxTensors tensors;
    private final ConstantNodes constants = new ConstantNodes();
    private final OnnxFunctions functions = new OnnxFunctions();
    private final OnnxFunctions.Body main = new OnnxFunctions.Body();
    private long functionNodes;

    Reading(Path file) {
      this.file = file;
      this.tensors = new OnnxTensors(file);
    }

    void model(ProtoReader model) {
      boolean graph = false;
      boolean operators = false;
      while (model.next()) {
        switch (model.field()) {
          case 1 -> model.varint();
          case 7 -> {
            graph(model.message(), main, 1);
            graph = true;
          }
          case 8 -> {
            model.message();
            operators = true;
          }
          case 25 -> function(model.message(), 1);
          default -> model.skip();
        }
      }
      if (!graph) {
        throw damaged(file, "has no graph");
      }
      if (!operators) {
        throw damaged(file, "names no operator set");
      }
      functionNodes = functions.size(main) - main.nodes();
      if (functionNodes > MAX_CALLED_NODES) {
        throw damaged(
            file, "its functions stand for more than " + MAX_CALLED_NODES + " nodes together");
      }
    }

    /** Those within functions may all be. */
    long constantNodes() {
      return constants.count() + functionNodes;
    }

    private void function(ProtoReader function, int depth) {
      OnnxFunctions.Body body = new OnnxFunctions.Body();
      String name = "";
      String domain = "";
      String overload = "";
      while (function.next()) {
        switch (function.field()) {
          case 1 -> name = function.text();
          case 7 -> node(function.message(), body, depth + 1);
          case 10 -> domain = function.text();
          case 11 -> attribute(function.message(), body, depth + 1);
          case 13 -> overload = function.text();
          default -> function.skip();
        }
      }
      functions.add(OnnxFunctions.key(domain, name, overload), body);
    }

    private void graph(ProtoReader graph, OnnxFunctions.Body body, int depth) {
      if (depth > MAX_DEPTH) {
        throw damaged(file, "its graphs nest deeper than " + MAX_DEPTH + " messages");
      }
      while (graph.next()) {
        switch (graph.field()) {
          case 1 -> node(graph.message(), body, depth + 1);
          case 5 -> constants.constant(tensors.check(graph.message()));
          case 15 -> throw sparse();
          default -> graph.skip();
        }
      }
    }

    private void node(ProtoReader node, OnnxFunctions.Body body, int depth) {
      List<String> inputs = new ArrayList<>();
      List<String> outputs = new ArrayList<>();
      String operator = "";
      String domain = "";
      String overload = "";
      boolean graphs = false;
      while (node.next()) {
        switch (node.field()) {
          case 1 -> inputs.add(node.text());
          case 2 -> outputs.add(node.text());
          case 4 -> operator = node.text();
          case 5 -> graphs |= attribute(node.message(), body, depth + 1);
          case 7 -> domain = node.text();
          case 8 -> overload = node.text();
          default -> node.skip();
        }
      }
      body.node(OnnxFunctions.key(domain, operator, overload));
      if (!graphs) {
        constants.node(operator, inputs, outputs);
      }
    }

    /** Whether the attribute holds graphs. */
    private boolean attribute(ProtoReader attribute, OnnxFunctions.Body body, int depth) {
      boolean graphs = false;
      String name = "";
      List<Long> numbers = List.of();
      while (attribute.next()) {
        switch (attribute.field()) {
          case 1 -> name = attribute.text();
          case 3 -> numbers = List.of(attribute.varint());
          case 5, 10 -> tensors.check(attribute.message());
          case 6, 11 -> {
            graph(attribute.message(), body, depth + 1);
            graphs = true;
          }
          case 22, 23 -> throw sparse();
          default -> attribute.skip();
        }
      }
      if (name.equals("axis")) {
        numbers.forEach(this::requireAxis);
      }
      return graphs;
    }

    /** Native code reads the size of the dimension before it compares the axis with the rank. */
    private void requireAxis(long axis) {
      if (axis < -MAX_RANK || axis > MAX_RANK) {
        throw damaged(
            file, "its axes must be at most " + MAX_RANK + " from either end but one is " + axis);
      }
    }

    private CheckpointException sparse() {
      return damaged(
          file, "has a sparse tensor, which would take as much memory as its shape, not its bytes");
    }
  }
}
