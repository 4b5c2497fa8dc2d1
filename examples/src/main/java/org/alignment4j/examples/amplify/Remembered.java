package org.alignment4j.examples.amplify;

import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.oversight.decompose.Decomposition;
import org.alignment4j.oversight.decompose.QuestionNode;

/**
 * Remembers what greedy decomposition with one model came to, so that several loops that start with
 * this model ask it once. For one thread.
 */
final class Remembered implements Decomposition {
  private final Decomposition decomposition;
  private final LanguageModel model;
  private final Map<String, Outcome<QuestionNode>> known = new HashMap<>();

  Remembered(Decomposition decomposition, LanguageModel model) {
    this.decomposition = decomposition.withModel(model);
    this.model = model;
  }

  @Override
  public Decomposition withModel(LanguageModel other) {
    return other == model ? this : decomposition.withModel(other);
  }

  @Override
  public Prompt direct(String question) {
    return decomposition.direct(question);
  }

  @Override
  public Outcome<QuestionNode> run(String question, OversightContext context) {
    Outcome<QuestionNode> before = known.get(question);
    if (before != null) {
      return before;
    }
    Outcome<QuestionNode> outcome = decomposition.run(question, context);
    if (outcome.complete()) {
      known.put(question, outcome);
    }
    return outcome;
  }
}
