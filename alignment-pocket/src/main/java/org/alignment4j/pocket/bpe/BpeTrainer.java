package org.alignment4j.pocket.bpe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Learns a byte-level BPE (Sennrich et al., "Neural Machine Translation of Rare Words with Subword
 * Units", 2016, over the bytes of GPT-2's pre-tokens). The most frequent pair is joined first; of
 * equally frequent pairs the one whose tokens have the lower ids, so that the same texts always
 * give the same vocabulary. Immutable, thread-safe.
 */
public final class BpeTrainer {
  /**
   * GPT-2's pre-tokenizer. With {@link Pattern#UNICODE_CHARACTER_CLASS} white space means what it
   * means in the Hugging Face library.
   */
  static final Pattern PRE_TOKEN =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  private static final int BYTES = 256;

  private final int vocabularySize;
  private final List<String> specialTokens;
  private final int minFrequency;

  /**
   * Creates a trainer.
   *
   * @param vocabularySize the largest number of tokens, special tokens and bytes included
   * @param specialTokens texts that get the first ids and are never made by merges
   * @param minFrequency pairs that occur less often are not joined
   */
  public BpeTrainer(int vocabularySize, List<String> specialTokens, int minFrequency) {
    if (vocabularySize < BYTES + specialTokens.size()) {
      throw new IllegalArgumentException(
          "vocabularySize must hold 256 bytes and %s special tokens but was %s"
              .formatted(specialTokens.size(), vocabularySize));
    }
    if (minFrequency < 1) {
      throw new IllegalArgumentException("minFrequency must be positive but was " + minFrequency);
    }
    this.vocabularySize = vocabularySize;
    this.specialTokens = List.copyOf(specialTokens);
    this.minFrequency = minFrequency;
  }

  /** Learns from texts without special tokens. The order of the texts does not matter. */
  public BpeVocabulary train(Stream<String> texts) {
    List<Word> words = words(texts);
    List<String> tokens = new ArrayList<>(specialTokens);
    for (int b = 0; b < BYTES; b++) {
      tokens.add(String.valueOf(ByteAlphabet.character(b)));
    }
    List<BpeVocabulary.Merge> merges = new ArrayList<>();
    Set<String> known = new HashSet<>(tokens);
    Set<Pair> rejected = new HashSet<>();
    while (tokens.size() < vocabularySize) {
      Pair best = mostFrequent(words, rejected);
      if (best == null) {
        break;
      }
      String left = tokens.get(best.left());
      String right = tokens.get(best.right());
      if (!known.add(left + right)) {
        rejected.add(best);
        continue;
      }
      int joined = tokens.size();
      tokens.add(left + right);
      merges.add(new BpeVocabulary.Merge(left, right));
      words.forEach(word -> word.join(best, joined));
    }
    return new BpeVocabulary(specialTokens, tokens, merges);
  }

  private List<Word> words(Stream<String> texts) {
    Map<String, Long> counts = new TreeMap<>();
    texts.forEach(
        text -> {
          Matcher matcher = PRE_TOKEN.matcher(text);
          while (matcher.find()) {
            counts.merge(ByteAlphabet.encode(matcher.group()), 1L, Long::sum);
          }
        });
    Map<Character, Integer> byteIds = new HashMap<>();
    for (int b = 0; b < BYTES; b++) {
      byteIds.put(ByteAlphabet.character(b), specialTokens.size() + b);
    }
    List<Word> words = new ArrayList<>(counts.size());
    counts.forEach(
        (text, count) ->
            words.add(new Word(text.chars().map(c -> byteIds.get((char) c)).toArray(), count)));
    return words;
  }

  private @Nullable Pair mostFrequent(List<Word> words, Set<Pair> rejected) {
    Map<Pair, Long> counts = new HashMap<>();
    for (Word word : words) {
      for (int i = 0; i + 1 < word.length; i++) {
        counts.merge(new Pair(word.ids[i], word.ids[i + 1]), word.count, Long::sum);
      }
    }
    Pair best = null;
    long most = minFrequency - 1;
    for (Map.Entry<Pair, Long> entry : counts.entrySet()) {
      long count = entry.getValue();
      Pair pair = entry.getKey();
      boolean better = count > most || (count == most && best != null && pair.before(best));
      if (better && !rejected.contains(pair)) {
        best = pair;
        most = count;
      }
    }
    return best;
  }

  private record Pair(int left, int right) {
    boolean before(Pair other) {
      return left < other.left || (left == other.left && right < other.right);
    }
  }

  /** A distinct pre-token, how often it occurs, and its present tokens. */
  private static final class Word {
    private final int[] ids;
    private final long count;
    private int length;

    Word(int[] ids, long count) {
      this.ids = ids;
      this.count = count;
      this.length = ids.length;
    }

    void join(Pair pair, int joined) {
      int to = 0;
      for (int from = 0; from < length; to++) {
        boolean match =
            from + 1 < length && ids[from] == pair.left() && ids[from + 1] == pair.right();
        ids[to] = match ? joined : ids[from];
        from += match ? 2 : 1;
      }
      length = to;
    }
  }
}
