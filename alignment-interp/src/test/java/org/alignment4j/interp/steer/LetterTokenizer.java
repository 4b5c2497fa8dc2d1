package org.alignment4j.interp.steer;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/** One token a character, of those from space on, and longer ones that are preferred. */
final class LetterTokenizer implements Tokenizer {

  private static final String ALPHABET = " ()ABabcdefghijklmnopqrstuvwxyz?";

  private final List<String> tokens = new ArrayList<>(List.of("<s>"));

  private String onlyBefore = "";

  LetterTokenizer(String... longer) {
    tokens.addAll(List.of(longer));
    ALPHABET.chars().forEach(c -> tokens.add(Character.toString(c)));
  }

  /** Longer tokens are made before this text alone, so that what follows changes what is before. */
  LetterTokenizer mergingOnlyBefore(String text) {
    onlyBefore = text;
    return this;
  }

  @Override
  public TokenIds encode(String text) {
    return encodeWithOffsets(text).ids();
  }

  @Override
  public TokenIds encodeWithSpecialTokens(String text) {
    return TokenIds.of(0).concat(encode(text));
  }

  @Override
  public Encoding encodeWithOffsets(String text) {
    List<Integer> ids = new ArrayList<>();
    List<Integer> starts = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int from = at;
      int id =
          IntStream.range(1, tokens.size())
              .filter(i -> text.startsWith(tokens.get(i), from))
              .filter(
                  i ->
                      tokens.get(i).length() == 1
                          || text.startsWith(onlyBefore, from + tokens.get(i).length()))
              .findFirst()
              .orElseThrow();
      ids.add(id);
      starts.add(at);
      at += tokens.get(id).length();
      ends.add(at);
    }
    return new Encoding(
        TokenIds.of(ids.stream().mapToInt(i -> i).toArray()),
        ImmutableIntArray.copyOf(starts),
        ImmutableIntArray.copyOf(ends));
  }

  @Override
  public String decode(TokenIds ids) {
    return decodeWithSpecialTokens(ids).replace("<s>", "");
  }

  @Override
  public String decodeWithSpecialTokens(TokenIds ids) {
    StringBuilder text = new StringBuilder();
    ids.stream().forEach(id -> text.append(tokens.get(id)));
    return text.toString();
  }

  @Override
  public String token(int id) {
    return tokens.get(id);
  }

  @Override
  public OptionalInt id(String token) {
    int at = tokens.indexOf(token);
    return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
  }

  @Override
  public int vocabularySize() {
    return tokens.size();
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
    return Set.of();
  }

  @Override
  public OptionalInt padId() {
    return OptionalInt.empty();
  }
}
