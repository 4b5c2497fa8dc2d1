package org.alignment4j.pocket.bpe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plain reading of a byte-level {@code tokenizer.json}, written from the format and independent
 * of the trainer's data structures: in each pre-token the pair of the lowest rank is joined until
 * none is left.
 */
final class BpeEncoder {
  private final Map<String, Integer> vocab = new HashMap<>();
  private final Map<Integer, String> texts = new HashMap<>();
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, Integer> special = new HashMap<>();

  BpeEncoder(Path tokenizerJson) throws IOException {
    JsonNode root = new ObjectMapper().readTree(tokenizerJson.toFile());
    root.at("/model/vocab")
        .fields()
        .forEachRemaining(e -> vocab.put(e.getKey(), e.getValue().intValue()));
    vocab.forEach((text, id) -> texts.put(id, text));
    for (JsonNode merge : root.at("/model/merges")) {
      ranks.put(merge.textValue(), ranks.size());
    }
    root.at("/added_tokens")
        .forEach(t -> special.put(t.get("content").textValue(), t.get("id").intValue()));
  }

  int size() {
    return vocab.size();
  }

  List<Integer> encode(String text) {
    Pattern specials =
        Pattern.compile(String.join("|", special.keySet().stream().map(Pattern::quote).toList()));
    List<Integer> ids = new ArrayList<>();
    Matcher matcher = specials.matcher(text);
    int from = 0;
    while (matcher.find()) {
      ordinary(text.substring(from, matcher.start()), ids);
      ids.add(special.get(matcher.group()));
      from = matcher.end();
    }
    ordinary(text.substring(from), ids);
    return ids;
  }

  String decode(List<Integer> ids) {
    Map<Character, Integer> bytes = new HashMap<>();
    for (int b = 0; b < 256; b++) {
      bytes.put(ByteAlphabet.character(b), b);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int id : ids) {
      String token = texts.get(id);
      if (special.containsKey(token)) {
        out.writeBytes(token.getBytes(StandardCharsets.UTF_8));
      } else {
        token.chars().forEach(c -> out.write(bytes.get((char) c)));
      }
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private void ordinary(String text, List<Integer> ids) {
    Matcher matcher = BpeTrainer.PRE_TOKEN.matcher(text);
    while (matcher.find()) {
      List<String> parts = new ArrayList<>();
      ByteAlphabet.encode(matcher.group()).chars().forEach(c -> parts.add("" + (char) c));
      while (true) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
          int rank = ranks.getOrDefault(parts.get(i) + " " + parts.get(i + 1), Integer.MAX_VALUE);
          if (rank < bestRank) {
            best = i;
            bestRank = rank;
          }
        }
        if (best < 0) {
          break;
        }
        parts.set(best, parts.get(best) + parts.remove(best + 1));
      }
      parts.forEach(part -> ids.add(vocab.get(part)));
    }
  }
}
