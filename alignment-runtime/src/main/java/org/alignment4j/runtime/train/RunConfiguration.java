package org.alignment4j.runtime.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.Sha256;

/** What a run was started with, so that it is never resumed with something else. */
record RunConfiguration(SortedMap<String, String> values) {
  private static final String FORMAT = "alignment4j-run";
  private static final int VERSION = 1;

  /** The rule by which a run ends early, and what reports to it. */
  static final String STOPPING = "early_stopping";

  RunConfiguration(Map<String, String> values) {
    this(new TreeMap<>(values));
  }

  /**
   * Writes the file of a new run, or checks that of an older one.
   *
   * @param unheard whether the run waited in vain for what would end it early, so that another rule
   *     changes nothing of what was done
   */
  void writeOrCheck(Path file, BooleanSupplier unheard) {
    if (!Files.exists(file)) {
      write(file);
      return;
    }
    RunConfiguration stored = read(file);
    if (differsOnlyIn(STOPPING, stored) && unheard.getAsBoolean()) {
      write(file);
      return;
    }
    List<String> differences = differences(stored);
    if (!differences.isEmpty()) {
      throw new RunFolderException(
          "a run must be resumed with the configuration it was started with but "
              + file.getParent()
              + " differs in "
              + String.join(", ", differences)
              + "; use that configuration or another folder");
    }
  }

  private void write(Path file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("sha256", sha256());
    fields.put("configuration", values);
    AtomicFiles.write(file, RunJson.bytes(FORMAT, VERSION, fields));
  }

  /** Whether a value that both have is the only one that is another. */
  private boolean differsOnlyIn(String key, RunConfiguration stored) {
    SortedMap<String, String> changed = new TreeMap<>(stored.values);
    String own = values.get(key);
    return own != null && !own.equals(changed.replace(key, own)) && changed.equals(values);
  }

  private static RunConfiguration read(Path file) {
    try {
      JsonNode node = RunJson.read(file, FORMAT, VERSION);
      RunConfiguration stored = new RunConfiguration(RunJson.strings(node.path("configuration")));
      if (!stored.sha256().equals(node.path("sha256").asText())) {
        throw new IOException("its checksum does not match");
      }
      return stored;
    } catch (IOException e) {
      throw new RunFolderException(
          "the configuration " + file + " is damaged: " + e.getMessage() + "; restore the file", e);
    }
  }

  private List<String> differences(RunConfiguration stored) {
    TreeSet<String> keys = new TreeSet<>(values.keySet());
    keys.addAll(stored.values.keySet());
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      String before = stored.values.get(key);
      String now = values.get(key);
      if (before == null) {
        differences.add(key + " (was absent, now " + now + ")");
      } else if (!before.equals(now)) {
        differences.add(key + " (was " + before + ", now " + (now == null ? "absent" : now) + ")");
      }
    }
    return differences;
  }

  /** Over the sorted entries, each string preceded by its length. */
  String sha256() {
    MessageDigest digest = Sha256.digest();
    values.forEach(
        (key, value) -> {
          String entry = key.length() + ":" + key + value.length() + ":" + value;
          digest.update(entry.getBytes(StandardCharsets.UTF_8));
        });
    return Sha256.hex(digest);
  }
}
