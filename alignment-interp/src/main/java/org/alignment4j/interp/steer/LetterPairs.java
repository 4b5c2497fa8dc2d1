package org.alignment4j.interp.steer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.model.Encoding;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Tokenizer;
import org.alignment4j.interp.activation.Beginning;
import org.apiguardian.api.API;

/**
 * Questions as pairs of sequences that end with a letter.
 *
 * @param pairs the pairs, in the order of the questions
 * @param skipped how many questions were left out, since their tokens before the letter depend on
 *     which letter follows
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LetterPairs(List<LetterPair> pairs, int skipped) {

  /** Copies. */
  public LetterPairs {
    pairs = List.copyOf(pairs);
  }

  /**
   * Encodes questions with each answer, {@code (A)}, jointly, and cuts behind the letter.
   *
   * @param tokenizer the model's
   * @param beginning whether a beginning-of-sequence token stands before
   * @throws IllegalArgumentException if a letter is not a token of its own
   */
  public static LetterPairs of(
      Tokenizer tokenizer, List<LetterQuestion> questions, Beginning beginning) {
    List<LetterPair> pairs = new ArrayList<>();
    int skipped = 0;
    for (LetterQuestion question : questions) {
      Optional<LetterPair> pair =
          pair(
              untilLetter(tokenizer, question.prompt(), question.positive(), beginning),
              untilLetter(tokenizer, question.prompt(), question.negative(), beginning));
      pair.ifPresent(pairs::add);
      skipped += pair.isPresent() ? 0 : 1;
    }
    return new LetterPairs(pairs, skipped);
  }

  private static Optional<LetterPair> pair(TokenIds positive, TokenIds negative) {
    int last = positive.size() - 1;
    boolean alike =
        positive.size() == negative.size()
            && positive.slice(0, last).equals(negative.slice(0, last));
    return alike ? Optional.of(new LetterPair(positive, negative)) : Optional.empty();
  }

  private static TokenIds untilLetter(
      Tokenizer tokenizer, String prompt, String letter, Beginning beginning) {
    String text = prompt + "(" + letter + ")";
    Encoding encoding = tokenizer.encodeWithOffsets(text);
    int start = prompt.length() + 1;
    for (int i = 0; i < encoding.ids().size(); i++) {
      if (encoding.starts().get(i) == start && encoding.ends().get(i) == start + letter.length()) {
        return begun(tokenizer, text, encoding.ids(), beginning)
            .concat(encoding.ids().slice(0, i + 1));
      }
    }
    throw new IllegalArgumentException(
        "an answer's letter must be a token of its own but '"
            + letter
            + "' in '("
            + letter
            + ")' is not, among the tokens "
            + spelled(tokenizer, encoding.ids())
            + "; use letters that the tokenizer keeps apart");
  }

  /** What stands before the text's own tokens. */
  private static TokenIds begun(
      Tokenizer tokenizer, String text, TokenIds plain, Beginning beginning) {
    TokenIds whole = beginning.encode(tokenizer, List.of(text)).get(0);
    for (int shift = 0; shift + plain.size() <= whole.size(); shift++) {
      if (whole.slice(shift, shift + plain.size()).equals(plain)) {
        return whole.slice(0, shift);
      }
    }
    return TokenIds.empty();
  }

  private static List<String> spelled(Tokenizer tokenizer, TokenIds ids) {
    return ids.slice(Math.max(0, ids.size() - 4), ids.size()).stream()
        .mapToObj(tokenizer::token)
        .toList();
  }

  /** How many pairs answer positively with each letter, by token, in the order of appearance. */
  public Map<Integer, Integer> positiveLetters() {
    Map<Integer, Integer> counts = new LinkedHashMap<>();
    for (LetterPair pair : pairs) {
      counts.merge(pair.positiveLetter(), 1, Integer::sum);
      counts.merge(pair.negativeLetter(), 0, Integer::sum);
    }
    return counts;
  }

  /** Whether every letter is the positive answer as often as any other, within one pair. */
  public boolean balanced() {
    Map<Integer, Integer> counts = positiveLetters();
    int most = counts.values().stream().mapToInt(i -> i).max().orElse(0);
    int least = counts.values().stream().mapToInt(i -> i).min().orElse(0);
    return most - least <= 1;
  }
}
