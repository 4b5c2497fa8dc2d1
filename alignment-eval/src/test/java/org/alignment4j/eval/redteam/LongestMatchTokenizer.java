package org.alignment4j.eval.redteam;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;

/**
 * A tokenizer that takes the longest token at each place; token 0 is the special {@code <s>}, which
 * it puts before texts.
 */
public final class LongestMatchTokenizer implements Tokenizer {
  private final List<String> tokens;

  /** Creates a tokenizer; the first token is special. */
  public LongestMatchTokenizer(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
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
    int at = 0;
    while (at < text.length()) {
      int best = -1;
      for (int id = 0; id < tokens.size(); id++) {
        boolean longer = best < 0 || tokens.get(id).length() > tokens.get(best).length();
        if (longer && text.startsWith(tokens.get(id), at)) {
          best = id;
        }
      }
      if (best < 0) {
        throw new IllegalArgumentException("no token for '" + text.substring(at) + "'");
      }
      ids.add(best);
      starts.add(at);
      at += tokens.get(best).length();
    }
    int[] ends = new int[ids.size()];
    for (int i = 0; i < ends.length; i++) {
      ends[i] = starts.get(i) + tokens.get(ids.get(i)).length();
    }
    return new Encoding(
        TokenIds.of(ids.stream().mapToInt(Integer::intValue).toArray()),
        ImmutableIntArray.copyOf(starts),
        ImmutableIntArray.copyOf(ends));
  }

  @Override
  public String decode(TokenIds ids) {
    StringBuilder text = new StringBuilder();
    ids.stream().filter(id -> id != 0).forEach(id -> text.append(tokens.get(id)));
    return text.toString();
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
    int id = tokens.indexOf(token);
    return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
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
