package org.alignment4j.interp.edit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.Sha256;
import org.jspecify.annotations.Nullable;

/**
 * Key moments in a file: one line of JSON with format, version, model, layer, width, count and the
 * SHA-256 of what follows, then the upper triangle of the sums by rows as little-endian float64.
 * Stateless, thread-safe.
 */
public final class KeyMomentsFile {

  /** What the file's {@code format} says. */
  public static final String FORMAT = "alignment4j-key-moments";

  /** The version that is written, and the newest that is read. */
  public static final int VERSION = 1;

  private static final int LONGEST_HEADER = 4096;

  private KeyMomentsFile() {}

  /**
   * Writes moments, whole or not at all.
   *
   * @param path the file, replaced when it is there
   * @param moments the moments
   * @throws AlignmentException when the file cannot be written
   */
  public static void write(Path path, KeyMoments moments) {
    byte[] payload = payload(moments);
    ObjectNode header = new ObjectMapper().createObjectNode();
    header.put("format", FORMAT);
    header.put("version", VERSION);
    header.put("model", moments.modelId());
    header.put("layer", moments.layer());
    header.put("width", moments.width());
    header.put("count", moments.count());
    header.put("sha256", hash(payload));
    byte[] line = (header + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicFiles.write(
        path,
        channel -> {
          channel.write(ByteBuffer.wrap(line));
          channel.write(ByteBuffer.wrap(payload));
        });
  }

  /**
   * Reads moments of a certain model.
   *
   * @param path the file
   * @param modelId the model's id
   * @return the moments
   * @throws DataFormatException when the file is damaged or of a newer version
   * @throws IllegalArgumentException when the moments are another model's
   */
  public static KeyMoments read(Path path, String modelId) {
    KeyMoments moments = read(path);
    if (!moments.modelId().equals(modelId)) {
      throw new IllegalArgumentException(
          "key moments must be of model "
              + modelId
              + " but "
              + path
              + " has those of "
              + moments.modelId()
              + "; collect them anew, or read the file without naming a model");
    }
    return moments;
  }

  /**
   * Reads moments.
   *
   * @param path the file
   * @return the moments
   * @throws DataFormatException when the file is missing, damaged or of a newer version
   */
  public static KeyMoments read(Path path) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException e) {
      throw fault(path, "the file must be readable but is not: " + AtomicFiles.reason(e), e);
    }
    int end = 0;
    while (end < Math.min(bytes.length, LONGEST_HEADER) && bytes[end] != '\n') {
      end++;
    }
    if (end >= Math.min(bytes.length, LONGEST_HEADER)) {
      throw fault(path, "the file must begin with a line of JSON but does not", null);
    }
    JsonNode header = header(path, new String(bytes, 0, end, StandardCharsets.UTF_8));
    int width = header.path("width").asInt(0);
    long size = (long) width * (width + 1) / 2 * Double.BYTES;
    if (width < 1 || size != bytes.length - end - 1) {
      throw fault(
          path,
          "moments of width "
              + width
              + " must have "
              + size
              + " bytes but the file has "
              + (bytes.length - end - 1)
              + "; it is cut off or damaged",
          null);
    }
    byte[] payload = Arrays.copyOfRange(bytes, end + 1, bytes.length);
    if (!hash(payload).equals(header.path("sha256").asText())) {
      throw fault(path, "the numbers must have the header's SHA-256 but do not", null);
    }
    return new KeyMoments(
        header.path("model").asText(),
        header.path("layer").asInt(-1),
        width,
        header.path("count").asLong(-1),
        sums(payload, width));
  }

  private static JsonNode header(Path path, String line) {
    JsonNode header;
    try {
      header = new ObjectMapper().readTree(line);
    } catch (JsonProcessingException e) {
      throw fault(path, "the file must begin with a line of JSON but does not", e);
    }
    if (!FORMAT.equals(header.path("format").asText())) {
      throw fault(path, "format must be " + FORMAT + " but was " + header.path("format"), null);
    }
    int version = header.path("version").asInt(-1);
    if (version < 1 || version > VERSION) {
      throw fault(
          path,
          "version must be from 1 to "
              + VERSION
              + " but was "
              + header.path("version")
              + "; a newer release wrote the file",
          null);
    }
    return header;
  }

  private static byte[] payload(KeyMoments moments) {
    int width = moments.width();
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(width * (width + 1) / 2, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        buffer.putDouble(moments.sums()[i * width + j]);
      }
    }
    return buffer.array();
  }

  private static double[] sums(byte[] payload, int width) {
    ByteBuffer buffer = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
    double[] sums = new double[width * width];
    for (int i = 0; i < width; i++) {
      for (int j = i; j < width; j++) {
        sums[i * width + j] = buffer.getDouble();
        sums[j * width + i] = sums[i * width + j];
      }
    }
    return sums;
  }

  private static String hash(byte[] payload) {
    MessageDigest digest = Sha256.digest();
    digest.update(payload);
    return Sha256.hex(digest);
  }

  private static DataFormatException fault(Path path, String problem, @Nullable Throwable cause) {
    return new DataFormatException(path.toString(), 0, null, problem, cause);
  }
}
