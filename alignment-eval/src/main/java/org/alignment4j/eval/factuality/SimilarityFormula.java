package org.alignment4j.eval.factuality;

import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;
import org.alignment4j.api.CancellationToken;

/** See {@link TextSimilarity#of}. */
record SimilarityFormula(String name, ToDoubleBiFunction<String, String> formula)
    implements TextSimilarity {

  SimilarityFormula {
    Objects.requireNonNull(formula, "formula");
    if (name.isBlank()) {
      throw new IllegalArgumentException("name must not be blank");
    }
  }

  @Override
  public double[] scores(String answer, List<String> references, CancellationToken cancellation) {
    return references.stream().mapToDouble(ref -> formula.applyAsDouble(answer, ref)).toArray();
  }
}
