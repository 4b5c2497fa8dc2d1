package org.alignment4j.interp.edit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.Sha256;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Key moments in a file: one line of JSON with format, version, model, layer, width, count and the
 * SHA-256 of both, then the upper triangle of the sums by rows as little-endian float64. Stateless,
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class KeyMomentsFile {

  /** What the file's {@code format} says. */
  public static final String FORMAT = "alignment4j-key-moments";

  /** The version that is written, and the newest that is read. */
  public static final int VERSION = 1;

  private static final int LONGEST_HEADER = 4096;
  private static final int BUFFER = 1 << 16;

  private KeyMomentsFile() {}

  /**
   * Writes moments, whole or not at all.
   *
   * @param path the file, replaced when it is there
   * @param moments the moments
   * @throws AlignmentException when the file cannot be written
   */
  public static void write(Path path, KeyMoments moments) {
    KeyMomentsHeader header = KeyMomentsHeader.of(moments);
    MessageDigest digest = Sha256.digest();
    digest.update(header.hashed());
    for (int i = 0; i < moments.width(); i++) {
      digest.update(row(moments, i));
    }
    byte[] line = header.line(digest);
    // The numbers of a wide layer are more than one buffer holds.
    AtomicFiles.write(
        path,
        channel -> {
          channel.write(ByteBuffer.wrap(line));
          for (int i = 0; i < moments.width(); i++) {
            channel.write(row(moments, i));
          }
        });
  }

  /**
   * Reads moments of a certain model.
   *
   * @param path the file
   * @param modelId the model's id
   * @return the moments
   * @throws DataFormatException when the file is missing, damaged, edited or of a newer version
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
   * @throws DataFormatException when the file is missing, damaged, edited or of a newer version
   */
  public static KeyMoments read(Path path) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER)) {
      return read(path, in, Files.size(path));
    } catch (IOException e) {
      throw fault(path, "the file must be readable but is not: " + AtomicFiles.reason(e), e);
    } catch (KeyMomentsHeader.Fault e) {
      throw fault(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static KeyMoments read(Path path, InputStream in, long size)
      throws IOException, KeyMomentsHeader.Fault {
    byte[] line = line(in);
    KeyMomentsHeader.Read read = KeyMomentsHeader.read(new String(line, StandardCharsets.UTF_8));
    KeyMomentsHeader header = read.header();
    long wanted = KeyMomentsHeader.payloadBytes(header.width());
    long present = size - line.length - 1;
    if (wanted != present) {
      throw new KeyMomentsHeader.Fault(
          "moments of width "
              + header.width()
              + " must have "
              + wanted
              + " bytes but the file has "
              + present
              + "; it is cut off or damaged");
    }
    MessageDigest digest = Sha256.digest();
    digest.update(read.hashed());
    double[] sums = sums(in, header.width(), digest);
    if (!Sha256.hex(digest).equals(read.hash())) {
      throw new KeyMomentsHeader.Fault(
          "header and numbers must have the SHA-256 "
              + read.hash()
              + " but do not; the file is damaged or was edited: collect the moments of "
              + path.getFileName()
              + " anew");
    }
    return new KeyMoments(header.modelId(), header.layer(), header.width(), header.count(), sums);
  }

  /** The first line without its end. */
  private static byte[] line(InputStream in) throws IOException, KeyMomentsHeader.Fault {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    while (next != '\n' && next >= 0 && line.size() < LONGEST_HEADER) {
      line.write(next);
      next = in.read();
    }
    if (next != '\n') {
      throw new KeyMomentsHeader.Fault("the file must begin with a line of JSON but does not");
    }
    return line.toByteArray();
  }

  private static double[] sums(InputStream in, int width, MessageDigest digest)
      throws IOException, KeyMomentsHeader.Fault {
    double[] sums = new double[width * width];
    for (int i = 0; i < width; i++) {
      byte[] row = in.readNBytes((width - i) * Double.BYTES);
      if (row.length < (width - i) * Double.BYTES) {
        throw new KeyMomentsHeader.Fault("the file must not change while it is read but did");
      }
      digest.update(row);
      ByteBuffer buffer = ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN);
      for (int j = i; j < width; j++) {
        sums[i * width + j] = buffer.getDouble();
        sums[j * width + i] = sums[i * width + j];
      }
    }
    return sums;
  }

  /** One row of the upper triangle. */
  private static ByteBuffer row(KeyMoments moments, int i) {
    int width = moments.width();
    ByteBuffer buffer =
        ByteBuffer.allocate((width - i) * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(moments.sums(), i * width + i, width - i);
    return buffer;
  }

  private static DataFormatException fault(Path path, String problem, @Nullable Throwable cause) {
    return new DataFormatException(path.toString(), 0, null, problem, cause);
  }
}
