package org.alignment4j.runtime.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.session.OnnxSession;

/** The files of a folder with an ONNX model. */
public final class ModelFiles {

  private static final int BLOCK = 1 << 20;

  private ModelFiles() {}

  static ConfigJson config(Path folder) {
    Path file = folder.resolve("config.json");
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "a model must be a folder with config.json and an ONNX file but "
              + folder
              + " has no config.json; export the model with Optimum or exportOnnx");
    }
    return ConfigJson.read(file);
  }

  /** The first of the names that the folder, or its folder {@code onnx}, has. */
  static Path model(Path folder, List<String> names) {
    for (Path place : List.of(folder, folder.resolve("onnx"))) {
      for (String name : names) {
        if (Files.isRegularFile(place.resolve(name))) {
          return place.resolve(name);
        }
      }
    }
    throw new CheckpointException(
        "a model folder must have one of "
            + names
            + " but "
            + folder
            + " has none; export the model with Optimum or exportOnnx");
  }

  static Set<Path> all(OnnxSession session) {
    Set<Path> files = new TreeSet<>(session.externalFiles());
    files.add(session.file());
    return files;
  }

  /**
   * SHA-256 over names and content of files, as 64 hexadecimal digits.
   *
   * @param files read whole
   * @return the digits
   * @throws CheckpointException if a file cannot be read
   */
  public static String hash(Set<Path> files) {
    MessageDigest digest = Sha256.digest();
    byte[] block = new byte[BLOCK];
    for (Path file : new TreeSet<>(files)) {
      digest.update((file.getFileName() + "\n").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
          digest.update(block, 0, n);
        }
      } catch (IOException e) {
        throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
      }
    }
    return Sha256.hex(digest);
  }
}
