package org.alignment4j.runtime.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.provenance.ContentHash;

/**
 * The files of a model's tokenizer and chat template as they were when the model was loaded, so
 * that saving it does not depend on what became of the folder. Immutable and thread-safe.
 */
public final class TextFiles {

  private static final String TOKENIZER = "tokenizer.json";

  /** Files that decide here how text becomes tokens. */
  private static final List<String> READ =
      List.of(
          TOKENIZER,
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "chat_template.json");

  /** Other forms of the same tokenizer, for other libraries. */
  private static final List<String> CARRIED =
      List.of("added_tokens.json", "vocab.json", "merges.txt", "tokenizer.model");

  /** Every name that such a file may have. */
  static final List<String> NAMES = Stream.concat(READ.stream(), CARRIED.stream()).toList();

  /** As much as is read of a tokenizer. */
  private static final long MAX_BYTES = 256L << 20;

  private static final TextFiles NONE = new TextFiles(Map.of());

  private final Map<String, byte[]> contents;

  private TextFiles(Map<String, byte[]> contents) {
    this.contents = contents;
  }

  /** No files. */
  public static TextFiles none() {
    return NONE;
  }

  /**
   * Reads those that a folder has.
   *
   * @param folder of a model
   * @return the files
   * @throws CheckpointException if one cannot be read or has more than 256 MiB
   */
  public static TextFiles read(Path folder) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    for (String name : NAMES) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        contents.put(name, bytes(file));
      }
    }
    return new TextFiles(Collections.unmodifiableMap(contents));
  }

  private static byte[] bytes(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new CheckpointException(
            file + " must have at most " + MAX_BYTES + " bytes but has " + size);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
    }
  }

  /** Whether there is a tokenizer that is read here. */
  public boolean hasTokenizer() {
    return contents.containsKey(TOKENIZER);
  }

  /** The hash of what decides how text becomes tokens; nothing does without a tokenizer. */
  public ContentHash hash() {
    StringBuilder content = new StringBuilder();
    if (hasTokenizer()) {
      for (String name : READ) {
        byte[] bytes = contents.get(name);
        if (bytes != null) {
          String text = new String(bytes, StandardCharsets.UTF_8);
          content.append(name).append('\n').append(text).append('\n');
        }
      }
    }
    return ContentHash.of(content.toString());
  }

  /** Writes the files to a folder. */
  void writeTo(Path folder, AtomicFile files) {
    contents.forEach(
        (name, bytes) -> CheckpointWriter.writeBytes(files, folder.resolve(name), bytes));
  }
}
