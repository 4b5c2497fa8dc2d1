package org.alignment4j.interp.lens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.core.files.Sha256;

/** Texts in memory, in an order drawn for each pass. Used by one thread. */
final class GivenTexts implements LensCorpus {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final List<TokenIds> texts;
  private final int batch;
  private final long seed;
  private long lastPass = -1;
  private int[] lastOrder = new int[0];

  GivenTexts(List<TokenIds> texts, int batch, long seed) {
    requirePositive(batch);
    this.texts = List.copyOf(texts);
    this.batch = batch;
    this.seed = seed;
    if (this.texts.isEmpty()) {
      throw new IllegalArgumentException("texts of a tuned lens must not be empty");
    }
    for (int i = 0; i < this.texts.size(); i++) {
      if (this.texts.get(i).isEmpty()) {
        throw new IllegalArgumentException(
            "a text must have at least one token but text " + i + " has none");
      }
    }
  }

  static void requirePositive(int batch) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1 but was " + batch);
    }
  }

  @Override
  public List<TokenIds> batch(long number, CancellationToken cancellation) {
    cancellation.throwIfCancelled("the texts of a tuned lens");
    List<TokenIds> chosen = new ArrayList<>();
    int size = Math.min(batch, texts.size());
    for (int i = 0; i < size; i++) {
      long place = number * size + i;
      chosen.add(texts.get(order(place / texts.size())[(int) (place % texts.size())]));
    }
    return chosen;
  }

  /** The order of the texts in one pass (Fisher and Yates). */
  private int[] order(long pass) {
    if (pass == lastPass) {
      return lastOrder;
    }
    int[] order = new int[texts.size()];
    long mixed = new SplittableRandom(seed + pass * GOLDEN_GAMMA).nextLong();
    SplittableRandom random = new SplittableRandom(mixed);
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    lastPass = pass;
    lastOrder = order;
    return order;
  }

  @Override
  public Map<String, String> description() {
    MessageDigest digest = Sha256.digest();
    for (TokenIds text : texts) {
      digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    }
    return Map.of(
        "texts",
        texts.size() + ", sha256 " + Sha256.hex(digest),
        "batch",
        Integer.toString(batch),
        "order",
        Long.toString(seed));
  }
}
