package org.alignment4j.pocket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.pocket.files.WholeFiles;
import org.jspecify.annotations.Nullable;

/**
 * The pocket model that comes with this library, as a Hugging Face model folder. Stateless,
 * thread-safe.
 */
public final class PocketModel {
  private static final String RESOURCES = "/org/alignment4j/pocket/model/";

  private PocketModel() {}

  /** Whether this build of the library brings the model. */
  public static boolean isPresent() {
    return PocketModel.class.getResource(RESOURCES + PocketModelManifest.FILE_NAME) != null;
  }

  /**
   * What names the weights in results.
   *
   * @throws CheckpointException when this build brings no model or its manifest is damaged
   */
  public static String version() {
    return manifest().modelVersion();
  }

  /**
   * What the model consists of.
   *
   * @throws CheckpointException when this build brings no model or its manifest is damaged
   */
  public static PocketModelManifest manifest() {
    return manifest(PocketModel::resource);
  }

  /**
   * Copies the model into a folder, which is created when absent. Files of the same names are
   * replaced; a file appears only when it is complete and its hash is right.
   *
   * @return the folder, ready to be loaded
   * @throws CheckpointException when this build brings no model, a file is damaged, or the folder
   *     cannot be written
   */
  public static Path copyTo(Path folder) {
    return copyTo(folder, PocketModel::resource);
  }

  static Path copyTo(Path folder, Source source) {
    PocketModelManifest manifest = manifest(source);
    try {
      Files.createDirectories(folder);
      for (PocketModelManifest.Entry entry : manifest.files()) {
        copy(entry, folder, source);
      }
      try (InputStream in = open(PocketModelManifest.FILE_NAME, source)) {
        WholeFiles.copy(in, folder.resolve(PocketModelManifest.FILE_NAME), () -> {});
      }
    } catch (IOException e) {
      throw new CheckpointException(
          "the pocket model could not be copied to %s; check the folder and free space"
              .formatted(folder),
          e);
    }
    return folder;
  }

  private static void copy(PocketModelManifest.Entry entry, Path folder, Source source)
      throws IOException {
    try (DigestInputStream in = Sha256.over(open(entry.name(), source))) {
      WholeFiles.copy(in, folder.resolve(entry.name()), () -> checkHash(entry, in));
    }
  }

  private static void checkHash(PocketModelManifest.Entry entry, DigestInputStream read) {
    String hash = HexFormat.of().formatHex(read.getMessageDigest().digest());
    if (!hash.equals(entry.sha256())) {
      throw new CheckpointException(
          "the pocket model's file %s must have SHA-256 %s but had %s; the library's jar is damaged"
              .formatted(entry.name(), entry.sha256(), hash));
    }
  }

  private static PocketModelManifest manifest(Source source) {
    try (InputStream in = open(PocketModelManifest.FILE_NAME, source)) {
      return PocketModelManifest.parse(in, "the pocket model's " + PocketModelManifest.FILE_NAME);
    } catch (IOException e) {
      throw new CheckpointException("the pocket model's manifest could not be read", e);
    }
  }

  private static InputStream open(String name, Source source) throws IOException {
    InputStream in = source.open(name);
    if (in == null) {
      throw new CheckpointException(
          "the pocket model's file %s is not on the class path at %s; this build brings no trained model: train it with the example PretrainPocket"
              .formatted(name, RESOURCES));
    }
    return in;
  }

  private static @Nullable InputStream resource(String name) {
    return PocketModel.class.getResourceAsStream(RESOURCES + name);
  }

  /** Where the model's files come from. */
  @FunctionalInterface
  interface Source {
    /** The file's content, or null when there is no such file. */
    @Nullable InputStream open(String name) throws IOException;
  }
}
