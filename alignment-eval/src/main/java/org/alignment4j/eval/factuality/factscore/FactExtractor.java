package org.alignment4j.eval.factuality.factscore;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * Takes sentences apart into atomic facts; {@link ModelFactExtractor} has a model do it.
 * Implementations are safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface FactExtractor {

  /**
   * Returns what tells this extractor from others, by which results are filed: two that could
   * extract differently never share it.
   *
   * @return the identity, never empty
   */
  String id();

  /**
   * Takes sentences apart.
   *
   * @param sentences of any number of answers; may be empty
   * @param cancellation asks to stop at the next call
   * @return what each states, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   */
  List<ExtractedFacts> extract(List<String> sentences, CancellationToken cancellation);
}
