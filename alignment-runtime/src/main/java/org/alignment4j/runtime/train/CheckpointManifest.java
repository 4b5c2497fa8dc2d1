package org.alignment4j.runtime.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.alignment4j.core.files.Sha256;

/**
 * What a checkpoint consists of.
 *
 * @param step updates made
 * @param values small values by name
 * @param files size and checksum of each file
 */
record CheckpointManifest(long step, Map<String, String> values, Map<String, Entry> files) {
  static final String FILE_NAME = "manifest.json";
  private static final String FORMAT = "alignment4j-checkpoint";
  private static final int VERSION = 1;
  private static final int BUFFER = 1 << 16;

  /** Size and checksum of a file. */
  record Entry(long bytes, String sha256) {}

  byte[] toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("step", step);
    fields.put("values", values);
    fields.put("files", files);
    return RunJson.bytes(FORMAT, VERSION, fields);
  }

  /** Reads the manifest of a folder and checks every file against it. */
  static CheckpointManifest readVerified(Path folder) throws IOException {
    JsonNode node = RunJson.read(folder.resolve(FILE_NAME), FORMAT, VERSION);
    Map<String, Entry> files = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> file : node.path("files").properties()) {
      JsonNode entry = file.getValue();
      files.put(
          file.getKey(), new Entry(entry.path("bytes").asLong(-1), entry.path("sha256").asText()));
    }
    CheckpointManifest manifest =
        new CheckpointManifest(
            node.path("step").asLong(-1), RunJson.strings(node.path("values")), files);
    if (!folder.equals(folder.resolveSibling(CheckpointStore.PREFIX + manifest.step))) {
      throw new IOException("its manifest is of step " + manifest.step);
    }
    for (Map.Entry<String, Entry> file : files.entrySet()) {
      verify(folder.resolve(new CheckpointPart(file.getKey(), out -> {}).fileName()), file);
    }
    return manifest;
  }

  private static void verify(Path file, Map.Entry<String, Entry> expected) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) != expected.getValue().bytes()) {
      throw new IOException(expected.getKey() + " is missing or has another size");
    }
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    if (!Sha256.hex(digest).equals(expected.getValue().sha256())) {
      throw new IOException("the checksum of " + expected.getKey() + " does not match");
    }
  }
}
