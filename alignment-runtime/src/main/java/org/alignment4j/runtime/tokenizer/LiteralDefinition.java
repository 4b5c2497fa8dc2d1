package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A tokenizer definition to whose tokenizer special tokens are ordinary text. */
final class LiteralDefinition {

  private LiteralDefinition() {}

  static String without(JsonNode definition) {
    ObjectNode copy = definition.deepCopy();
    ArrayNode kept = copy.putArray("added_tokens");
    for (JsonNode added : definition.path("added_tokens")) {
      if (!added.path("special").asBoolean()) {
        kept.add(added);
      }
    }
    copy.remove("post_processor");
    copy.putNull("post_processor");
    return JsonFiles.write(copy);
  }
}
