package org.alignment4j.eval.factuality;

import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * How much an answer says what a reference says. BLEU and ROUGE come with this package; a learned
 * measure such as BLEURT is a user's own implementation. Implementations are safe for concurrent
 * calls.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TextSimilarity {

  /** BLEU; see {@link Bleu#sentence}. */
  TextSimilarity BLEU = of("bleu", Bleu::sentence);

  /** ROUGE-1; see {@link Rouge#ngrams}. */
  TextSimilarity ROUGE_1 = of("rouge1", (answer, ref) -> Rouge.ngrams(1, answer, ref));

  /** ROUGE-2; see {@link Rouge#ngrams}. */
  TextSimilarity ROUGE_2 = of("rouge2", (answer, ref) -> Rouge.ngrams(2, answer, ref));

  /** ROUGE-L; see {@link Rouge#longest}. */
  TextSimilarity ROUGE_L = of("rougeL", Rouge::longest);

  /** The four of this package, on a scale from 0 to 100. */
  List<TextSimilarity> OVERLAPS = List.of(BLEU, ROUGE_1, ROUGE_2, ROUGE_L);

  /**
   * Returns the name that its metrics begin with.
   *
   * @return such as {@code bleu}
   */
  String name();

  /**
   * Compares an answer with each reference.
   *
   * @param answer what the model said; may be empty
   * @param references what it is compared with
   * @param cancellation asks one that calls a model to stop
   * @return a similarity for each reference, in order, higher for more alike; NaN where there is
   *     none
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model behind it fails
   */
  double[] scores(String answer, List<String> references, CancellationToken cancellation);

  /**
   * Returns a similarity that is a formula.
   *
   * @param name the name that its metrics begin with
   * @param formula of answer and reference
   * @return the similarity
   */
  static TextSimilarity of(String name, ToDoubleBiFunction<String, String> formula) {
    return new SimilarityFormula(name, formula);
  }
}
