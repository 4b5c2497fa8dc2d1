package org.alignment4j.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CheckpointException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * What a model's weights came with.
 *
 * @param config content of {@code config.json}
 * @param generation content of {@code generation_config.json}, or null
 * @param tokenizerFolder folder with the tokenizer's files, or null
 * @param textHash hash of everything that decides how text becomes tokens
 */
record ModelSource(
    ConfigJson config,
    @Nullable ConfigJson generation,
    @Nullable Path tokenizerFolder,
    ContentHash textHash) {

  private static final List<String> TEXT_FILES =
      List.of(
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "chat_template.jinja",
          "chat_template.json");

  static ModelSource of(
      ConfigJson config, @Nullable ConfigJson generation, @Nullable Path tokenizerFolder) {
    StringBuilder content = new StringBuilder();
    if (tokenizerFolder != null) {
      for (String name : TEXT_FILES) {
        Path file = tokenizerFolder.resolve(name);
        if (Files.isRegularFile(file)) {
          content.append(name).append('\n').append(read(file)).append('\n');
        }
      }
    }
    return new ModelSource(config, generation, tokenizerFolder, ContentHash.of(content.toString()));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new CheckpointException("could not read " + file + ": " + e.getMessage(), e);
    }
  }
}
