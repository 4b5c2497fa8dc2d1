package org.alignment4j.examples.sentiment;

/**
 * A reply to a held-out prompt.
 *
 * @param reply what was sampled
 * @param prompt number of the prompt, from 0
 * @param gold sentiment by the lexicon
 * @param proxy reward by the reward model
 * @param words number of words
 */
record ScoredReply(Reply reply, int prompt, double gold, double proxy, int words) {

  /** Sentiment per 100 words; a reply without words counts as one word. */
  double goldRate() {
    return 100 * gold / Math.max(1, words);
  }
}
