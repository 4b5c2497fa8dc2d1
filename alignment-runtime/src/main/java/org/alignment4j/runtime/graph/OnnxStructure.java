package org.alignment4j.runtime.graph;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;

/**
 * What an ONNX file of any origin is made of, read before a runtime is given it: that its messages
 * are whole, that its tensors have as many bytes as their shapes say, and that what it keeps
 * outside is in files beside it. Immutable.
 *
 * @param externalFiles the files beside it that hold tensors, in order of their names
 */
public record OnnxStructure(Set<Path> externalFiles) {

  /** Graphs nest in attributes; runtimes of protocol buffers stop at 100 messages. */
  private static final int MAX_DEPTH = 90;

  /**
   * Reads the structure of a file.
   *
   * @param file a serialised {@code ModelProto}
   * @return the structure
   * @throws CheckpointException if the file cannot be read or is no whole ONNX model
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
      return new OnnxStructure(Set.copyOf(reading.external));
    } catch (ProtoReader.DamagedException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static CheckpointException damaged(Path file, String problem) {
    return new CheckpointException(
        file + " must be a whole ONNX model but " + problem + "; fetch or export it again");
  }

  /** One file being read. Field numbers are those of {@code onnx.proto}. */
  private static final class Reading {
    private final Path file;
    private final Set<Path> external = new TreeSet<>();

    Reading(Path file) {
      this.file = file;
    }

    void model(ProtoReader model) {
      boolean graph = false;
      boolean operators = false;
      while (model.next()) {
        switch (model.field()) {
          case 1 -> model.varint();
          case 7 -> {
            graph(model.message(), 1);
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
    }

    private void function(ProtoReader function, int depth) {
      while (function.next()) {
        if (function.field() == 7) {
          node(function.message(), depth + 1);
        } else {
          function.skip();
        }
      }
    }

    private void graph(ProtoReader graph, int depth) {
      if (depth > MAX_DEPTH) {
        throw damaged(file, "its graphs nest deeper than " + MAX_DEPTH + " messages");
      }
      while (graph.next()) {
        switch (graph.field()) {
          case 1 -> node(graph.message(), depth + 1);
          case 5 -> tensor(graph.message());
          default -> graph.skip();
        }
      }
    }

    private void node(ProtoReader node, int depth) {
      while (node.next()) {
        if (node.field() == 5) {
          attribute(node.message(), depth + 1);
        } else {
          node.skip();
        }
      }
    }

    private void attribute(ProtoReader attribute, int depth) {
      while (attribute.next()) {
        switch (attribute.field()) {
          case 5, 10 -> tensor(attribute.message());
          case 6, 11 -> graph(attribute.message(), depth + 1);
          default -> attribute.skip();
        }
      }
    }

    private void tensor(ProtoReader tensor) {
      List<Long> dims = new ArrayList<>();
      int type = 0;
      int raw = -1;
      String name = "";
      boolean outside = false;
      String location = "";
      long offset = 0;
      long length = -1;
      while (tensor.next()) {
        switch (tensor.field()) {
          case 1 -> dims.addAll(tensor.varints());
          case 2 -> type = (int) tensor.varint();
          case 8 -> name = tensor.text();
          case 9 -> raw = tensor.message().remaining();
          case 13 -> {
            String[] entry = entry(tensor.message());
            switch (entry[0]) {
              case "location" -> location = entry[1];
              case "offset" -> offset = number(name, entry);
              case "length" -> length = number(name, entry);
              default -> {}
            }
          }
          case 14 -> outside = tensor.varint() == 1;
          default -> tensor.skip();
        }
      }
      long elements = 1;
      for (long d : dims) {
        if (d < 0) {
          throw damaged(file, "tensor '" + name + "' has a dimension of " + d);
        }
        elements = product(name, elements, d);
      }
      int each = elementBytes(type);
      if (raw >= 0 && each > 0 && raw != product(name, elements, each)) {
        throw damaged(
            file, "tensor '%s' of %s elements has %s bytes of data".formatted(name, elements, raw));
      }
      if (outside) {
        outside(name, location, offset, length < 0 ? product(name, elements, each) : length);
      }
    }

    private long product(String name, long a, long b) {
      try {
        return Math.multiplyExact(a, b);
      } catch (ArithmeticException e) {
        throw damaged(file, "tensor '" + name + "' has more elements than memory can hold");
      }
    }

    private static String[] entry(ProtoReader message) {
      String[] entry = {"", ""};
      while (message.next()) {
        if (message.field() == 1 || message.field() == 2) {
          entry[message.field() - 1] = message.text();
        } else {
          message.skip();
        }
      }
      return entry;
    }

    private long number(String name, String[] entry) {
      try {
        long value = Long.parseLong(entry[1]);
        if (value >= 0) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Named below, with the field.
      }
      throw damaged(
          file,
          "tensor '%s' has bytes outside whose %s is '%s'".formatted(name, entry[0], entry[1]));
    }

    private void outside(String name, String location, long offset, long length) {
      Path data = beside(name, location);
      try {
        if (!Files.isRegularFile(data)) {
          throw new CheckpointException(
              "%s must exist: tensor '%s' of %s is in it; fetch the folder completely"
                  .formatted(data, name, file));
        }
        long size = Files.size(data);
        if (offset > size || length > size - offset) {
          throw damaged(
              file,
              "tensor '%s' has %s bytes at %s of %s, which has only %s"
                  .formatted(name, length, offset, data, size));
        }
      } catch (IOException e) {
        throw new CheckpointException("could not read " + data + ": " + e.getMessage(), e);
      }
      external.add(data);
    }

    /** The file of a location, which must lie in the model's folder. */
    private Path beside(String name, String location) {
      try {
        Path folder = file.toAbsolutePath().normalize().getParent();
        if (folder != null && !location.isEmpty() && !location.contains("\\")) {
          Path data = folder.resolve(location).normalize();
          if (data.startsWith(folder)
              && !data.equals(folder)
              && !Files.isDirectory(data, LinkOption.NOFOLLOW_LINKS)) {
            return data;
          }
        }
      } catch (InvalidPathException e) {
        // Named below.
      }
      throw damaged(
          file, "tensor '%s' is in '%s', which is no file of its folder".formatted(name, location));
    }

    /** Bytes of an element of a {@code TensorProto.DataType}; 0 where it is not whole bytes. */
    private static int elementBytes(int type) {
      return switch (type) {
        case 2, 3, 9, 17, 18, 19, 20 -> 1;
        case 4, 5, 10, 16 -> 2;
        case 1, 6, 12 -> 4;
        case 7, 11, 13, 14 -> 8;
        case 15 -> 16;
        default -> 0;
      };
    }
  }
}
