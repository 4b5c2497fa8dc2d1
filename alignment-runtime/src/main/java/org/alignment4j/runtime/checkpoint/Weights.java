package org.alignment4j.runtime.checkpoint;

import com.google.common.collect.Collections2;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.Sha256;

/**
 * The parameters of a model by their Hugging Face names, in float32 or quantised. Immutable: a
 * training run or an edit makes new weights that share every tensor they did not change.
 * Thread-safe.
 */
public final class Weights {

  private static final int HASH_BLOCK = 1 << 14;

  private final Map<String, StoredTensor> tensors;

  private Weights(Map<String, StoredTensor> tensors) {
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Weights of the given tensors, in their order.
   *
   * @throws IllegalArgumentException if two tensors have the same name
   */
  public static Weights of(Collection<? extends StoredTensor> tensors) {
    Map<String, StoredTensor> map = new LinkedHashMap<>();
    for (StoredTensor t : tensors) {
      if (map.put(t.name(), t) != null) {
        throw new IllegalArgumentException(
            "tensors must have distinct names but '" + t.name() + "' occurs twice");
      }
    }
    return new Weights(map);
  }

  /**
   * The values of that name; those of a quantised tensor are dequantised anew at each call.
   *
   * @throws CheckpointException if there is none; the message lists the nearest names
   */
  public WeightTensor get(String name) {
    return floats(stored(name));
  }

  private static WeightTensor floats(StoredTensor tensor) {
    return tensor instanceof QuantisedTensor quantised
        ? quantised.dequantised()
        : (WeightTensor) tensor;
  }

  /**
   * The tensor of that name as it is kept.
   *
   * @throws CheckpointException if there is none; the message lists the nearest names
   */
  public StoredTensor stored(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(
          "the weights have no tensor '" + name + "'; the nearest names are " + nearest(name));
    }
    return tensor;
  }

  /** Whether there is a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /** Every name, in order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /**
   * The values of every tensor, in order; of quantised ones each is dequantised when an iteration
   * reaches it.
   */
  public Collection<WeightTensor> tensors() {
    return Collections2.transform(tensors.values(), Weights::floats);
  }

  /** Every tensor as it is kept, in order. */
  public Collection<StoredTensor> stored() {
    return tensors.values();
  }

  /** How each quantised tensor is kept, by name, in order; empty where all are float32. */
  public Map<String, BlockFormat> quantised() {
    Map<String, BlockFormat> formats = new LinkedHashMap<>();
    for (StoredTensor tensor : tensors.values()) {
      if (tensor instanceof QuantisedTensor quantised) {
        formats.put(tensor.name(), quantised.format());
      }
    }
    return formats;
  }

  /** These weights with every quantised tensor in float32, dequantised. */
  public Weights dequantised() {
    return quantised().isEmpty() ? this : of(List.copyOf(tensors()));
  }

  /** Number of scalar parameters, over all tensors. */
  public long parameterCount() {
    return tensors.values().stream().mapToLong(t -> product(t.shape())).sum();
  }

  private static long product(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  /** These weights with one tensor replaced or, if its name is new, added at the end. */
  public Weights with(StoredTensor tensor) {
    return with(List.of(tensor));
  }

  /** These weights with tensors replaced or, where a name is new, added at the end. */
  public Weights with(Collection<? extends StoredTensor> changed) {
    Map<String, StoredTensor> map = new LinkedHashMap<>(tensors);
    changed.forEach(t -> map.put(t.name(), t));
    return new Weights(map);
  }

  /**
   * The given tensors only, in the given order.
   *
   * @throws CheckpointException if one is missing
   */
  public Weights select(Collection<String> names) {
    Map<String, StoredTensor> map = new LinkedHashMap<>();
    names.forEach(n -> map.put(n, stored(n)));
    return new Weights(map);
  }

  /**
   * SHA-256 over names, shapes and float32 values, or formats, levels and scales, as 64 hexadecimal
   * digits. It does not depend on the order of the tensors nor on how the checkpoint stored them.
   * Reads all weights each time it is called.
   */
  public String contentHash() {
    MessageDigest digest = Sha256.digest();
    for (String name : new TreeSet<>(tensors.keySet())) {
      update(digest, stored(name));
    }
    return Sha256.hex(digest);
  }

  private static void update(MessageDigest digest, StoredTensor tensor) {
    byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
    long[] shape = tensor.shape();
    ByteBuffer head =
        ByteBuffer.allocate(name.length + 8 + 8 * shape.length).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(name.length).put(name).putInt(shape.length);
    for (long d : shape) {
      head.putLong(d);
    }
    digest.update(head.flip());
    FloatBuffer data;
    if (tensor instanceof QuantisedTensor quantised) {
      digest.update(quantised.format().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(quantised.levels());
      data = quantised.scales();
    } else {
      data = ((WeightTensor) tensor).data();
    }
    ByteBuffer block = ByteBuffer.allocate(HASH_BLOCK * 4).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      int n = Math.min(HASH_BLOCK, data.remaining());
      block.clear().asFloatBuffer().put(data.slice(data.position(), n));
      data.position(data.position() + n);
      digest.update(block.limit(n * Float.BYTES));
    }
  }

  private List<String> nearest(String name) {
    return tensors.keySet().stream()
        .sorted(Comparator.comparingInt(n -> editDistance(name, n)))
        .limit(3)
        .toList();
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** Number of tensors and parameters. */
  @Override
  public String toString() {
    return "Weights[" + tensors.size() + " tensors, " + parameterCount() + " parameters]";
  }
}
