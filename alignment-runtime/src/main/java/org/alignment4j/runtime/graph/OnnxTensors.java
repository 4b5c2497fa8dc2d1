package org.alignment4j.runtime.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;

/**
 * Checks the tensors of an ONNX file: that they have as many bytes as their shapes say, and that
 * those outside are in files beside it. Field numbers are those of {@code onnx.proto}.
 */
final class OnnxTensors {

  /** Of the types smaller than a byte. */
  private static final long MOST_IN_A_BYTE = 4;

  private static final int MAX_SHOWN = 200;

  private final Path file;
  private final Set<Path> external = new TreeSet<>();

  OnnxTensors(Path file) {
    this.file = file;
  }

  /** The files beside it that hold tensors. */
  Set<Path> external() {
    return external;
  }

  /** The beginning of a text that may have any length. */
  static String shown(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  private CheckpointException damaged(String problem) {
    return OnnxStructure.damaged(file, problem);
  }

  /**
   * Checks a tensor.
   *
   * @return its name, empty where it has none
   */
  String check(ProtoReader tensor) {
    List<Long> dims = new ArrayList<>();
    int type = 0;
    int raw = -1;
    long typed = 0;
    String name = "";
    boolean outside = false;
    String location = "";
    long offset = 0;
    long length = -1;
    while (tensor.next()) {
      switch (tensor.field()) {
        case 1 -> dims.addAll(tensor.varints());
        case 2 -> type = (int) tensor.varint();
        case 4, 5, 6, 7, 10, 11 -> {
          int before = tensor.remaining();
          tensor.skip();
          typed += before - tensor.remaining();
        }
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
        throw damaged("tensor '" + shown(name) + "' has a dimension of " + d);
      }
      elements = product(name, elements, d);
    }
    int each = elementBytes(type);
    long whole = product(name, elements, each);
    long least = each > 0 ? whole : elements / MOST_IN_A_BYTE;
    if (outside && length >= 0 && length < least) {
      throw damaged(
          "tensor '%s' of %s elements has %s bytes outside"
              .formatted(shown(name), elements, length));
    }
    if (each > 0 && ((raw >= 0 && raw != whole) || (outside && length >= 0 && length != whole))) {
      throw damaged(
          "tensor '%s' of %s elements has %s bytes of data"
              .formatted(shown(name), elements, raw >= 0 ? raw : length));
    }
    // A runtime may make room for what a shape says before it looks at the data.
    if (!outside && elements > MOST_IN_A_BYTE * (raw >= 0 ? raw : typed)) {
      throw damaged(
          "tensor '%s' of %s elements has %s bytes of data"
              .formatted(shown(name), elements, raw >= 0 ? raw : typed));
    }
    if (outside) {
      outside(shown(name), location, offset, length < 0 ? least : length);
    }
    return name;
  }

  private long product(String name, long a, long b) {
    try {
      return Math.multiplyExact(a, b);
    } catch (ArithmeticException e) {
      throw damaged("tensor '" + shown(name) + "' has more elements than memory can hold");
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
        "tensor '%s' has bytes outside whose %s is '%s'"
            .formatted(shown(name), entry[0], shown(entry[1])));
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
        "tensor '%s' is in '%s', which is no file of its folder".formatted(name, shown(location)));
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
