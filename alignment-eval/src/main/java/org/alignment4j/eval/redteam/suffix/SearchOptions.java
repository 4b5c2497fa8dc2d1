package org.alignment4j.eval.redteam.suffix;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How tokens are searched. The defaults are those of nanoGCG, but for a test every 50 steps, which
 * is Zou et al.'s. Immutable.
 *
 * @param steps most steps
 * @param width candidates evaluated a step; up to four times as many are drawn to find them
 * @param topK tokens of the steepest descent considered for a position
 * @param replacements positions changed in a candidate
 * @param initial the text the search begins with; as many tokens as it has are searched
 * @param asciiOnly whether tokens must be printable ASCII
 * @param survivorsOnly whether candidates must still be the same tokens when the prompt is written
 *     as text and read again
 * @param monotone whether a step that finds nothing better keeps the present tokens; otherwise the
 *     best candidate of each step is taken, as GCG does
 * @param testEvery steps between two tests of the best tokens found; 0 for none but the last. Where
 *     the loss proves that greedy decoding gives the target, the test is made at once
 * @param chunk most candidates a model gets in one call
 * @param replyTokens longest reply in a test
 * @param saveEvery steps between two savings of the state
 * @param seed where random numbers start
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record SearchOptions(
    int steps,
    int width,
    int topK,
    int replacements,
    String initial,
    boolean asciiOnly,
    boolean survivorsOnly,
    boolean monotone,
    int testEvery,
    int chunk,
    int replyTokens,
    int saveEvery,
    long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a number is too small or the initial text is empty
   */
  public SearchOptions {
    Objects.requireNonNull(initial, "initial");
    requireAtLeast(1, "steps", steps);
    requireAtLeast(1, "width", width);
    requireAtLeast(1, "topK", topK);
    requireAtLeast(1, "replacements", replacements);
    requireAtLeast(0, "testEvery", testEvery);
    requireAtLeast(1, "chunk", chunk);
    requireAtLeast(1, "replyTokens", replyTokens);
    requireAtLeast(1, "saveEvery", saveEvery);
    if (initial.isEmpty()) {
      throw new IllegalArgumentException(
          "initial must not be empty: as many tokens as it has are searched");
    }
  }

  private static void requireAtLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  /** Returns the defaults. */
  public static SearchOptions defaults() {
    return new SearchOptions(
        250, 512, 256, 1, " x".repeat(20), true, true, false, 50, 128, 64, 10, 0);
  }

  /** Returns these options with other sizes of the search. */
  public SearchOptions withSearch(int newSteps, int newWidth, int newTopK) {
    return new SearchOptions(
        newSteps,
        newWidth,
        newTopK,
        replacements,
        initial,
        asciiOnly,
        survivorsOnly,
        monotone,
        testEvery,
        chunk,
        replyTokens,
        saveEvery,
        seed);
  }

  /** Returns these options with another beginning. */
  public SearchOptions withInitial(String text) {
    return new SearchOptions(
        steps,
        width,
        topK,
        replacements,
        text,
        asciiOnly,
        survivorsOnly,
        monotone,
        testEvery,
        chunk,
        replyTokens,
        saveEvery,
        seed);
  }

  /** Returns these options with other rules for which tokens and candidates are taken. */
  public SearchOptions withRules(boolean ascii, boolean survivors, boolean neverWorse) {
    return new SearchOptions(
        steps,
        width,
        topK,
        replacements,
        initial,
        ascii,
        survivors,
        neverWorse,
        testEvery,
        chunk,
        replyTokens,
        saveEvery,
        seed);
  }

  /** Returns these options with other tests. */
  public SearchOptions withTests(int every, int longestReply) {
    return new SearchOptions(
        steps,
        width,
        topK,
        replacements,
        initial,
        asciiOnly,
        survivorsOnly,
        monotone,
        every,
        chunk,
        longestReply,
        saveEvery,
        seed);
  }

  /** Returns these options with other sizes of what is done at once: neither changes the result. */
  public SearchOptions withBatches(int candidates, int stepsBetweenSavings) {
    return new SearchOptions(
        steps,
        width,
        topK,
        replacements,
        initial,
        asciiOnly,
        survivorsOnly,
        monotone,
        testEvery,
        candidates,
        replyTokens,
        stepsBetweenSavings,
        seed);
  }

  /** Returns these options with another seed. */
  public SearchOptions withSeed(long newSeed) {
    return new SearchOptions(
        steps,
        width,
        topK,
        replacements,
        initial,
        asciiOnly,
        survivorsOnly,
        monotone,
        testEvery,
        chunk,
        replyTokens,
        saveEvery,
        newSeed);
  }

  /** What outcomes depend on; how much is done at once is not part of it. */
  Map<String, String> described() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("steps", Integer.toString(steps));
    all.put("width", Integer.toString(width));
    all.put("topK", Integer.toString(topK));
    all.put("replacements", Integer.toString(replacements));
    all.put("initial", initial);
    all.put("asciiOnly", Boolean.toString(asciiOnly));
    all.put("survivorsOnly", Boolean.toString(survivorsOnly));
    all.put("monotone", Boolean.toString(monotone));
    all.put("testEvery", Integer.toString(testEvery));
    all.put("replyTokens", Integer.toString(replyTokens));
    all.put("seed", Long.toString(seed));
    return all;
  }
}
