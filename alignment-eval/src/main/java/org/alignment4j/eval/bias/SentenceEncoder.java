package org.alignment4j.eval.bias;

import java.util.List;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/** Makes vectors of texts, of one length. Implementations are thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface SentenceEncoder {

  /**
   * Returns what the encoder is called in the provenance: it names all that shapes the vectors.
   *
   * @return such as {@code residPost(3), last token}
   */
  String name();

  /**
   * Returns what a model must be able to do.
   *
   * @return capabilities
   */
  Set<Class<? extends Model>> requires();

  /**
   * Encodes texts.
   *
   * @param texts the texts, none empty
   * @param model whose vectors they are; has every capability required
   * @param cancellation asks to stop at the next call
   * @return a vector for each text, in order
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  List<float[]> encode(List<String> texts, Model model, CancellationToken cancellation);
}
