package org.alignment4j.api.model;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A model that says of a text how much each of its labels applies: toxicity, sentiment, regard.
 * Implementations are immutable and safe for concurrent calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TextClassifier extends Model {

  /**
   * Returns the labels.
   *
   * @return name of each, in the model's order
   */
  List<String> labels();

  /**
   * Classifies texts, each by itself.
   *
   * @param texts may be empty
   * @param cancellation checked before every batch
   * @return one classification per text, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<TextClassification> classify(List<String> texts, CancellationToken cancellation);
}
