package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alignment4j.api.CheckpointException;

/** Reads the JSON files of a checkpoint folder. */
final class JsonFiles {

  /** Vocabularies of 256,000 tokens with merges take 35 MB. */
  private static final long MAX_BYTES = 256L << 20;

  /** Deeper than any of these files, and less deep than the native tokenizer gives up at. */
  private static final int MAX_NESTING = 64;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_NESTING).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonFiles() {}

  static String text(Path file) {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw new CheckpointException(
            "%s must have at most %s bytes but has %s".formatted(file, MAX_BYTES, size));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new CheckpointException(
          "cannot read %s as UTF-8 text; check that the file exists and is complete: %s"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  static JsonNode parse(Path file, String text) {
    try {
      JsonNode node = MAPPER.readTree(text);
      if (!node.isObject()) {
        throw new CheckpointException(file + " must hold a JSON object; copy the file again");
      }
      return node;
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
      throw new CheckpointException(
          "%s is not valid JSON%s (%s); it may be truncated, copy the file again"
              .formatted(file, place, e.getOriginalMessage()),
          e);
    }
  }

  /** The content of a file, or a missing node where there is no such file. */
  static JsonNode readIfPresent(Path file) {
    return Files.isRegularFile(file) ? parse(file, text(file)) : MissingNode.getInstance();
  }

  static String write(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree could not be written", e);
    }
  }
}
