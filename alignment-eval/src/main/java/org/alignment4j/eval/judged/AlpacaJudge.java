package org.alignment4j.eval.judged;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.JudgingScorer;
import org.alignment4j.api.evaluation.UsageMeter;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.SoftJudgeModel;
import org.alignment4j.core.judge.SoftVerdict;
import org.apiguardian.api.API;

/**
 * Who decides between outputs named {@code m} and {@code M}, by the probabilities of the two names.
 * Immutable and as safe for concurrent calls as the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface AlpacaJudge {
  /** The names, of the output shown first and of the one shown second. */
  List<String> LABELS = List.of("m", "M");

  /** Returns a judge that is held to the two names, as local models can be. */
  static AlpacaJudge of(SoftJudgeModel model) {
    return new Held(model);
  }

  /**
   * Returns a judge that writes one token, of which the five likeliest candidates are looked at, as
   * remote models allow.
   */
  static AlpacaJudge ofTopLogProbs(LanguageModel model) {
    return new TopCandidates(model);
  }

  /** The model's identity. */
  String id();

  /** Returns the model that judges. */
  Model model();

  /** The probability of the output shown second, between the two; empty for no verdict. */
  OptionalDouble secondIsBetter(
      Prompt.Chat prompt, UsageMeter meter, CancellationToken cancellation);

  /**
   * See {@link #of}.
   *
   * @param judge the model
   */
  record Held(SoftJudgeModel judge) implements AlpacaJudge {
    @Override
    public Model model() {
      return judge.model();
    }

    @Override
    public String id() {
      return judge.model().id() + ", held to labels, least mass " + judge.minMass();
    }

    @Override
    public OptionalDouble secondIsBetter(
        Prompt.Chat prompt, UsageMeter meter, CancellationToken cancellation) {
      Judgement<SoftVerdict> judgement = judge.ask(prompt, LABELS, cancellation);
      meter.add(JudgingScorer.JUDGE, judgement.usage());
      return judgement instanceof Judgement.Given<SoftVerdict> given
          ? OptionalDouble.of(given.value().probability(LABELS.get(1)))
          : OptionalDouble.empty();
    }
  }

  /**
   * See {@link #ofTopLogProbs}.
   *
   * @param model the model
   */
  record TopCandidates(LanguageModel model) implements AlpacaJudge {
    private static final int CANDIDATES = 5;
    private static final SamplingOptions ONE_TOKEN =
        SamplingOptions.builder(1).temperature(0).logProbs(true).topLogProbs(CANDIDATES).build();

    @Override
    public String id() {
      return model.id() + ", top " + CANDIDATES + " candidates";
    }

    @Override
    public OptionalDouble secondIsBetter(
        Prompt.Chat prompt, UsageMeter meter, CancellationToken cancellation) {
      Completion completion = model.generate(List.of(prompt), ONE_TOKEN, cancellation).get(0);
      meter.add(JudgingScorer.JUDGE, completion.usage());
      List<TokenLogProb> candidates =
          completion.topLogProbs().isEmpty() ? List.of() : completion.topLogProbs().get(0);
      double first = probability(candidates, LABELS.get(0));
      double second = probability(candidates, LABELS.get(1));
      return first + second > 0
          ? OptionalDouble.of(second / (first + second))
          : OptionalDouble.empty();
    }

    private static double probability(List<TokenLogProb> candidates, String label) {
      return candidates.stream()
          .filter(candidate -> candidate.text().strip().equals(label))
          .mapToDouble(candidate -> Math.exp(candidate.logProb()))
          .sum();
    }
  }

  /** What shapes the verdicts, for provenance. */
  default Map<String, String> options() {
    return Map.of("judge", id());
  }
}
