package org.alignment4j.eval.backdoor;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/** Words between blanks; word 0 begins and ends a text, and stands for unknown words. */
public record WordTokenizer(List<String> words) implements Tokenizer {

  @Override
  public TokenIds encode(String text) {
    List<Integer> ids = new ArrayList<>();
    for (String word : text.strip().split(" +")) {
      if (!word.isEmpty()) {
        ids.add(Math.max(0, words.indexOf(word)));
      }
    }
    return TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  @Override
  public TokenIds encodeWithSpecialTokens(String text) {
    return TokenIds.of(0).concat(encode(text));
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    return new Encoding(encode(text), ImmutableIntArray.of(), ImmutableIntArray.of());
  }

  @Override
  public String decode(TokenIds ids) {
    return ids.stream().filter(id -> id != 0).mapToObj(words::get).collect(Collectors.joining(" "));
  }

  @Override
  public String decodeWithSpecialTokens(TokenIds ids) {
    return ids.stream().mapToObj(words::get).collect(Collectors.joining(" "));
  }

  @Override
  public String token(int id) {
    return words.get(id);
  }

  @Override
  public OptionalInt id(String token) {
    int id = words.indexOf(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
  }

  @Override
  public int vocabularySize() {
    return words.size();
  }

  @Override
  public Set<Integer> specialIds() {
    return Set.of(0);
  }

  @Override
  public OptionalInt bosId() {
    return OptionalInt.of(0);
  }

  @Override
  public Set<Integer> eosIds() {
    return Set.of(0);
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.empty();
  }
}
