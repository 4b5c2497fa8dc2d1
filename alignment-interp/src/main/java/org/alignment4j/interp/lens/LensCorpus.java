package org.alignment4j.interp.lens;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.apiguardian.api.API;

/**
 * Texts that a tuned lens is trained on, in batches without end: a pure function of the batch's
 * number, so that a run that is resumed sees what it would have seen. Used by one run at a time.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface LensCorpus {

  /**
   * Returns a batch.
   *
   * @param number from 0
   * @param cancellation asks to stop
   * @return at least one text, which the model can read
   * @throws org.alignment4j.api.CancelledException when cancelled
   */
  List<TokenIds> batch(long number, CancellationToken cancellation);

  /**
   * Returns what decides the texts, to be compared when a run is resumed.
   *
   * @return values by name
   */
  Map<String, String> description();

  /**
   * Returns texts in an order that is drawn anew for each pass over them.
   *
   * @param texts tokens of each text, none longer than the model's context
   * @param batch texts run together, at least 1
   * @param seed of the order
   * @return the corpus
   * @throws IllegalArgumentException when there is no text, one is empty, or the batch is not
   *     positive
   */
  static LensCorpus of(List<TokenIds> texts, int batch, long seed) {
    return new GivenTexts(texts, batch, seed);
  }

  /**
   * Returns texts that are read as they are needed and never held whole, over and over in their
   * order. A resumed run reads again, without a model, what it has learned from.
   *
   * @param name tells this corpus from others when a run is resumed
   * @param texts opens the corpus from its beginning, the same each time
   * @param batch texts run together, at least 1
   * @return the corpus
   * @throws IllegalArgumentException when the batch is not positive; later when the corpus is empty
   */
  static LensCorpus streamed(String name, Supplier<? extends Iterator<TokenIds>> texts, int batch) {
    return new StreamedTexts(name, texts, batch);
  }
}
