package org.alignment4j.interp.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/** Tokens by pattern, numbered as they are met; 0 begins a text and 1 ends it. */
final class WordTokenizer implements Tokenizer {

  private final Pattern pattern;
  private final Map<String, Integer> ids = new LinkedHashMap<>();

  WordTokenizer(String pattern) {
    this.pattern = Pattern.compile(pattern);
    ids.put("<s>", 0);
    ids.put("</s>", 1);
  }

  @Override
  public TokenIds encode(String text) {
    Matcher matcher = pattern.matcher(text);
    List<Integer> found = new ArrayList<>();
    while (matcher.find()) {
      found.add(ids.computeIfAbsent(matcher.group(), word -> ids.size()));
    }
    return TokenIds.of(found.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public TokenIds encodeWithSpecialTokens(String text) {
    return TokenIds.of(0).concat(encode(text)).concat(TokenIds.of(1));
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String decode(TokenIds tokens) {
    StringBuilder text = new StringBuilder();
    tokens.stream().filter(id -> id > 1).forEach(id -> text.append(token(id)));
    return text.toString();
  }

  @Override
  public String decodeWithSpecialTokens(TokenIds tokens) {
    throw new UnsupportedOperationException();
  }

  @Override
  public String token(int id) {
    return List.copyOf(ids.keySet()).get(id);
  }

  @Override
  public OptionalInt id(String token) {
    Integer id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public int vocabularySize() {
    return ids.size();
  }

  @Override
  public Set<Integer> specialIds() {
    return Set.of(0, 1);
  }

  @Override
  public OptionalInt bosId() {
    return OptionalInt.of(0);
  }

  @Override
  public Set<Integer> eosIds() {
    return Set.of(1);
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.empty();
  }
}
