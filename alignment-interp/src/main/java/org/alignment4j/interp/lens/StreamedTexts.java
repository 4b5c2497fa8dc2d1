package org.alignment4j.interp.lens;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;

/** Texts read one after another, from the beginning again at the end. Used by one thread. */
final class StreamedTexts implements LensCorpus {

  private final String name;
  private final Supplier<? extends Iterator<TokenIds>> texts;
  private final int batch;
  private Iterator<TokenIds> open = Collections.emptyIterator();
  private long next;

  StreamedTexts(String name, Supplier<? extends Iterator<TokenIds>> texts, int batch) {
    GivenTexts.requirePositive(batch);
    this.name = name;
    this.texts = texts;
    this.batch = batch;
  }

  @Override
  public List<TokenIds> batch(long number, CancellationToken cancellation) {
    long first = number * batch;
    if (first < next) {
      open = Collections.emptyIterator();
      next = 0;
    }
    while (next < first) {
      cancellation.throwIfCancelled("the texts of a tuned lens");
      take();
    }
    List<TokenIds> chosen = new ArrayList<>();
    while (chosen.size() < batch) {
      cancellation.throwIfCancelled("the texts of a tuned lens");
      chosen.add(take());
    }
    return chosen;
  }

  private TokenIds take() {
    if (!open.hasNext()) {
      open = texts.get();
      if (!open.hasNext()) {
        throw new IllegalArgumentException(
            "the corpus '" + name + "' must have at least one text but has none");
      }
    }
    next++;
    return open.next();
  }

  @Override
  public Map<String, String> description() {
    return Map.of("corpus", name, "batch", Integer.toString(batch));
  }
}
