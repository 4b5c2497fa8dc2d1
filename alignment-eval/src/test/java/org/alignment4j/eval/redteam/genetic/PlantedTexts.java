package org.alignment4j.eval.redteam.genetic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;

/** A model that finds the target the likelier, the more of its favourites are in the prompt. */
final class PlantedTexts implements LikelihoodModel, LanguageModel {
  final List<String> scored = new ArrayList<>();
  final List<String> favourites;
  int callsLeft = Integer.MAX_VALUE;

  PlantedTexts(List<String> favourites) {
    this.favourites = favourites;
  }

  private long held(String prompt) {
    return favourites.stream().filter(prompt::contains).count();
  }

  @Override
  public String id() {
    return "planted-texts";
  }

  @Override
  public List<ContinuationScore> logProbabilities(
      List<? extends Continuation> continuations, CancellationToken cancellation) {
    if (callsLeft-- <= 0) {
      throw new CancelledException("the process was killed");
    }
    List<ContinuationScore> scores = new ArrayList<>();
    for (Continuation continuation : continuations) {
      String prompt = ((Prompt.Text) continuation.prompt()).text();
      scored.add(prompt);
      double each = -0.1 - 0.5 * (favourites.size() - held(prompt));
      scores.add(
          new ContinuationScore(
              TokenIds.of(1, 2),
              LogProbs.of(each, each),
              false,
              0,
              Usage.ofScoring(7, 2, Duration.ofMillis(1))));
    }
    return scores;
  }

  @Override
  public List<Completion> generate(
      List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
    String prompt = ((Prompt.Text) prompts.get(0)).text();
    return List.of(
        Completion.of(
            held(prompt) == favourites.size() ? "YES it is" : "it is not",
            FinishReason.EOS,
            Usage.ofGeneration(7, 3, Duration.ofMillis(1))));
  }
}
