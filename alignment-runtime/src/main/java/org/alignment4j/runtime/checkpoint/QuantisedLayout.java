package org.alignment4j.runtime.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.runtime.checkpoint.BlockFormat.Activations;

/**
 * How a checkpoint keeps quantised weights: {@code quantization_config} of {@code config.json}
 * names each with its bits, block size, activations, shape and arrangement; its levels are the
 * tensor {@code <name>.levels}, U8 {@code [out, blocks, blockBytes]}, and its scales {@code
 * <name>.scales}, F32 {@code [out, blocks]}.
 */
final class QuantisedLayout {

  static final String KEY = "quantization_config";
  private static final String METHOD_KEY = "quant_method";
  private static final String METHOD = "alignment4j";
  private static final String FORMAT_KEY = "format";
  private static final String FORMAT = "alignment4j-quantised-blocks";
  private static final String VERSION_KEY = "version";
  private static final int VERSION = 1;
  private static final String TENSORS = "tensors";
  private static final String LEVELS = ".levels";
  private static final String SCALES = ".scales";

  /** What the configuration says of one weight. */
  private record Entry(BlockFormat format, long[] shape, boolean inOut) {}

  private final Map<String, Entry> entries;

  private QuantisedLayout(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /** Whether a configuration is of a checkpoint in this layout, of whatever version. */
  static boolean isIn(ConfigJson config) {
    return config.has(KEY)
        && config.plain(KEY) instanceof Map<?, ?> map
        && METHOD.equals(map.get(METHOD_KEY));
  }

  /**
   * Reads the layout; empty where nothing is quantised, or by another method.
   *
   * @throws CheckpointException if its version is newer or a field is wrong
   */
  static QuantisedLayout read(ConfigJson config) {
    ConfigJson own = isIn(config) ? config.object(KEY) : null;
    Map<String, Entry> entries = new LinkedHashMap<>();
    if (own == null) {
      return new QuantisedLayout(entries);
    }
    if (!FORMAT.equals(own.string(FORMAT_KEY)) || own.requiredSize(VERSION_KEY) > VERSION) {
      throw own.error(
          VERSION_KEY,
          "quantised weights must be in the format "
              + FORMAT
              + ", version at most "
              + VERSION
              + ", but are in "
              + own.string(FORMAT_KEY)
              + ", version "
              + own.requiredSize(VERSION_KEY)
              + "; read them with the release that wrote them, or a newer one");
    }
    ConfigJson tensors = own.object(TENSORS);
    if (tensors == null) {
      throw own.error(TENSORS, "quantised weights must be named in tensors but it is absent");
    }
    for (String name : tensors.keys()) {
      ConfigJson tensor = tensors.object(name);
      if (tensor == null) {
        throw tensors.error(name, "a quantised weight must be described but was null");
      }
      entries.put(name, entry(tensor));
    }
    return new QuantisedLayout(entries);
  }

  private static Entry entry(ConfigJson tensor) {
    List<Integer> shape = tensor.integers("shape");
    if (shape.size() != 2 || shape.get(0) < 1 || shape.get(1) < 1) {
      throw tensor.error("shape", "a quantised weight must be a matrix but has the shape " + shape);
    }
    String activations = String.valueOf(tensor.string("activations"));
    boolean integers = activations.equals("int8");
    if (!integers && !activations.equals("float32")) {
      throw tensor.error(
          "activations", "activations must be float32 or int8 but was " + activations);
    }
    try {
      return new Entry(
          new BlockFormat(
              tensor.requiredSize("bits"),
              tensor.requiredSize("block_size"),
              integers ? Activations.INT8 : Activations.FLOAT32),
          new long[] {shape.get(0), shape.get(1)},
          tensor.flag("in_out", false));
    } catch (IllegalArgumentException e) {
      throw tensor.error("bits", String.valueOf(e.getMessage()));
    }
  }

  /** A configuration that describes how the weights are kept. */
  static ConfigJson describe(ConfigJson config, Weights weights) {
    if (weights.quantised().isEmpty()) {
      return config.has(KEY) ? config.without(KEY) : config;
    }
    Map<String, Object> tensors = new LinkedHashMap<>();
    for (StoredTensor stored : weights.stored()) {
      if (stored instanceof QuantisedTensor t) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("bits", t.format().bits());
        tensor.put("block_size", t.format().blockSize());
        tensor.put("activations", t.format().activations().name().toLowerCase(Locale.ROOT));
        tensor.put("shape", List.of(t.shape()[0], t.shape()[1]));
        tensor.put("in_out", t.inOut());
        tensors.put(t.name(), tensor);
      }
    }
    Map<String, Object> own = new LinkedHashMap<>();
    own.put(METHOD_KEY, METHOD);
    own.put(FORMAT_KEY, FORMAT);
    own.put(VERSION_KEY, VERSION);
    own.put(TENSORS, tensors);
    return config.with(KEY, own);
  }

  /** The name of the tensor that holds a weight's levels. */
  static String levels(String weight) {
    return weight + LEVELS;
  }

  /** The name of the tensor that holds a weight's scales. */
  static String scales(String weight) {
    return weight + SCALES;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The quantised weights, in order. */
  Set<String> names() {
    return entries.keySet();
  }

  /** The names of the parameters that a file's tensors hold. */
  List<String> parameters(Iterable<String> tensors) {
    List<String> names = new ArrayList<>();
    for (String tensor : tensors) {
      if (tensor.endsWith(LEVELS) && entries.containsKey(cut(tensor, LEVELS))) {
        names.add(cut(tensor, LEVELS));
      } else if (!tensor.endsWith(SCALES) || !entries.containsKey(cut(tensor, SCALES))) {
        names.add(tensor);
      }
    }
    return names;
  }

  private static String cut(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }

  /**
   * Reads a quantised weight.
   *
   * @throws CheckpointException if a tensor is missing, or of another type or size
   */
  QuantisedTensor read(SafetensorsFile file, String weight) {
    Entry entry = Objects.requireNonNull(entries.get(weight));
    try {
      return new QuantisedTensor(
          weight,
          entry.shape(),
          entry.inOut(),
          entry.format(),
          file.bytes(levels(weight)),
          file.read(scales(weight)).data());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          "the quantised weight '"
              + weight
              + "' in "
              + file.path()
              + " must be what config.json says: "
              + e.getMessage()
              + "; fetch both files again",
          e);
    }
  }
}
