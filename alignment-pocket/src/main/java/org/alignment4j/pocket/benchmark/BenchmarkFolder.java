package org.alignment4j.pocket.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.pocket.files.WholeFiles;

/**
 * Writes the files of a folder, each whole or not at all, and the manifest after all others. Not
 * thread-safe.
 */
final class BenchmarkFolder {
  private final Path folder;
  private final List<BenchmarkManifest.Entry> entries = new ArrayList<>();

  BenchmarkFolder(Path folder) {
    this.folder = folder;
  }

  void add(String name, String layout, boolean heldOut, int rows, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    replace(name, bytes);
    entries.add(
        new BenchmarkManifest.Entry(name, layout, heldOut, rows, bytes.length, sha256(bytes)));
  }

  BenchmarkManifest finish(String worldVersion, BenchmarkOptions options) {
    BenchmarkManifest manifest = new BenchmarkManifest(worldVersion, options, entries);
    replace(BenchmarkManifest.FILE_NAME, manifest.json().getBytes(UTF_8));
    return manifest;
  }

  private void replace(String name, byte[] bytes) {
    Path target = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      WholeFiles.write(target, bytes);
    } catch (IOException e) {
      throw new AlignmentException(
          "cannot write %s: %s; free space or change permissions and repeat".formatted(target, e),
          e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }
}
