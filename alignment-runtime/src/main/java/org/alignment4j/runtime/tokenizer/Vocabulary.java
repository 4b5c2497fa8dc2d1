package org.alignment4j.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import org.alignment4j.api.CheckpointException;

/** The tokens of a {@code tokenizer.json} by id, and which of them are special. */
final class Vocabulary {

  private static final int MAX_ID = 10_000_000;

  // A map, for the ids of a damaged file may be far apart.
  private final Map<Integer, String> spellings;
  private final int size;
  private final Map<String, Integer> ids;
  private final SortedSet<Integer> special;

  private Vocabulary(Map<String, Integer> ids, SortedSet<Integer> special) {
    this.size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
    this.spellings = new HashMap<>(2 * ids.size());
    ids.forEach((token, id) -> spellings.put(id, token));
    this.ids = ids;
    this.special = special;
  }

  static Vocabulary read(Path file, JsonNode tokenizer) {
    JsonNode vocab = tokenizer.path("model").path("vocab");
    Map<String, Integer> ids = new HashMap<>();
    if (vocab.isObject()) {
      vocab
          .fields()
          .forEachRemaining(entry -> put(file, ids, entry.getKey(), entry.getValue().asInt(-1)));
    } else if (vocab.isArray()) {
      List<JsonNode> pieces = new ArrayList<>();
      vocab.forEach(pieces::add);
      for (int id = 0; id < pieces.size(); id++) {
        put(file, ids, pieces.get(id).path(0).asText(), id);
      }
    } else {
      throw new CheckpointException(
          file
              + ", field 'model.vocab': must be an object or an array; this is not a Hugging Face"
              + " tokenizer.json, or it is damaged: copy the file again");
    }
    SortedSet<Integer> special = new TreeSet<>();
    for (JsonNode added : tokenizer.path("added_tokens")) {
      int id = added.path("id").asInt(-1);
      put(file, ids, added.path("content").asText(), id);
      if (added.path("special").asBoolean()) {
        special.add(id);
      }
    }
    return new Vocabulary(ids, special);
  }

  private static void put(Path file, Map<String, Integer> ids, String token, int id) {
    if (id < 0 || id > MAX_ID) {
      throw new CheckpointException(
          "%s: the id of token '%s' must be from 0 to %s but was %s"
              .formatted(file, token, MAX_ID, id));
    }
    ids.put(token, id);
  }

  int size() {
    return size;
  }

  SortedSet<Integer> special() {
    return special;
  }

  OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  void check(int id) {
    if (id < 0 || id >= size) {
      throw new IllegalArgumentException(
          "token id must be from 0 to %s but was %s".formatted(size - 1, id));
    }
  }

  /** The spelling; the empty string for an id in a gap of the vocabulary. */
  String spelling(int id) {
    check(id);
    return spellings.getOrDefault(id, "");
  }

  @Override
  public String toString() {
    return "Vocabulary of " + size() + " tokens, special " + Arrays.toString(special.toArray());
  }
}
