package org.alignment4j.rlhf.study;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.runtime.DecoderModel;

/** A model of a study, there only while it is used. */
sealed interface Candidate {

  String name();

  /** Weights of the members of a merge; empty otherwise. */
  Map<String, Double> weights();

  <R> R use(Function<LanguageModel, R> work);

  /** A model that the caller owns. */
  record Given(String name, LanguageModel model) implements Candidate {
    @Override
    public Map<String, Double> weights() {
      return Map.of();
    }

    @Override
    public <R> R use(Function<LanguageModel, R> work) {
      return work.apply(model);
    }
  }

  /** A model that is made when its turn comes and closed after it. */
  record Opened(String name, Map<String, Double> weights, Supplier<DecoderModel> open)
      implements Candidate {
    @Override
    public <R> R use(Function<LanguageModel, R> work) {
      try (DecoderModel model = open.get()) {
        return work.apply(model);
      }
    }
  }
}
