package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.apiguardian.api.API;

/**
 * By entailment: the mean over samples of {@code P(contradict) / (P(entail) + P(contradict))}
 * (Manakul et al. 2023, section 5.5), from 0 to 1. A sample that does neither gives no verdict. One
 * call for each sentence and sample. Immutable and as safe for concurrent calls as the model.
 *
 * @param model who infers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record EntailmentCheck(EntailmentModel model) implements SentenceCheck {

  /** Checks that nothing is missing. */
  public EntailmentCheck {
    Objects.requireNonNull(model, "model");
  }

  @Override
  public String name() {
    return "nli";
  }

  @Override
  public String id() {
    return "nli by " + model.id();
  }

  @Override
  public List<List<SentenceScore>> check(
      List<SampledPassage> passages, CancellationToken cancellation) {
    List<EntailmentModel.Pair> pairs = new ArrayList<>();
    for (SampledPassage passage : passages) {
      for (String sentence : passage.sentences()) {
        passage.samples().forEach(sample -> pairs.add(new EntailmentModel.Pair(sample, sentence)));
      }
    }
    List<EntailmentModel.Inference> inferences =
        pairs.isEmpty() ? List.of() : model.infer(pairs, cancellation);
    if (inferences.size() != pairs.size()) {
      throw new ModelExecutionException(
          "model '%s' must give one inference per pair, %s, but gave %s"
              .formatted(model.id(), pairs.size(), inferences.size()));
    }
    return SentenceScores.regrouped(
        passages,
        inferences,
        inference -> contradiction(inference.entailment(), inference.contradiction()),
        EntailmentModel.Inference::usage,
        OptionalDouble.empty());
  }

  /** The share of contradiction in what is not neutral; empty when all is. */
  static OptionalDouble contradiction(double entailment, double contradiction) {
    double both = entailment + contradiction;
    return both > 0 ? OptionalDouble.of(contradiction / both) : OptionalDouble.empty();
  }
}
