package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The special tokens that a checkpoint names, as text: what a chat template sees as variables.
 *
 * @param byName text by role: {@code bos_token}, {@code eos_token}, {@code pad_token}, {@code
 *     unk_token} and others of the checkpoint
 */
public record SpecialTokens(Map<String, String> byName) {

  private static final List<String> ROLES =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  /** Copies the map. */
  public SpecialTokens {
    byName = Map.copyOf(byName);
  }

  /** No special tokens. */
  public static SpecialTokens none() {
    return new SpecialTokens(Map.of());
  }

  /** A beginning and an end of sequence. */
  public static SpecialTokens of(String bos, String eos) {
    return new SpecialTokens(Map.of("bos_token", bos, "eos_token", eos));
  }

  /**
   * Reads {@code tokenizer_config.json} and, for what it lacks, {@code special_tokens_map.json}.
   *
   * @param folder the checkpoint folder; either file may be absent
   * @throws org.alignment4j.api.CheckpointException if a file is not JSON
   */
  public static SpecialTokens read(Path folder) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String file : List.of("tokenizer_config.json", "special_tokens_map.json")) {
      JsonNode config = JsonFiles.readIfPresent(folder.resolve(file));
      for (String role : ROLES) {
        JsonNode value = config.path(role);
        String text = value.isObject() ? value.path("content").asText("") : value.asText("");
        if (!text.isEmpty() && !value.isNull()) {
          found.putIfAbsent(role, text);
        }
      }
    }
    return new SpecialTokens(found);
  }

  /** Beginning of sequence. */
  public Optional<String> bos() {
    return Optional.ofNullable(byName.get("bos_token"));
  }

  /** End of sequence. */
  public Optional<String> eos() {
    return Optional.ofNullable(byName.get("eos_token"));
  }

  /** Padding. */
  public Optional<String> pad() {
    return Optional.ofNullable(byName.get("pad_token"));
  }
}
