package org.alignment4j.eval.judged;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.PromptTemplate;
import org.apiguardian.api.API;

/**
 * How AlpacaEval is run.
 *
 * @param generation how the model's outputs are sampled
 * @param gamed rows of baselines that game lengths, and the difficulties of instructions; without
 *     them length control has the model's own rows alone and counts all instructions as equally
 *     difficult
 * @param template the judge's prompt, read with {@link #PLAIN} and {@link #FENCED}
 * @param seed of the order in which outputs are shown, and of the bootstrap
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AlpacaOptions(
    SamplingOptions generation,
    Optional<GamedBaselines> gamed,
    PromptTemplate template,
    long seed) {
  /** Placeholders of the template that hold the program's own words. */
  public static final Set<String> PLAIN = Set.of("form");

  /** Placeholders of the template that hold text under judgement. */
  public static final Set<String> FENCED = Set.of("instruction", "first", "second");

  private static final int USUAL_TOKENS = 2048;

  /** Checks that nothing is missing. */
  public AlpacaOptions {
    Objects.requireNonNull(generation, "generation");
    Objects.requireNonNull(gamed, "gamed");
    Objects.requireNonNull(template, "template");
  }

  /**
   * Returns the usual options: greedy outputs of at most 2048 tokens, the bundled prompt, no gamed
   * baselines.
   *
   * @param seed of the order in which outputs are shown, and of the bootstrap
   */
  public static AlpacaOptions seeded(long seed) {
    return new AlpacaOptions(
        SamplingOptions.greedy(USUAL_TOKENS),
        Optional.empty(),
        JudgePrompts.bundled("alpaca-label.txt", PLAIN, FENCED),
        seed);
  }

  /** Returns these options with gamed baselines. */
  public AlpacaOptions withGamed(GamedBaselines rows) {
    return new AlpacaOptions(generation, Optional.of(rows), template, seed);
  }

  /** Returns these options with other sampling of the outputs. */
  public AlpacaOptions withGeneration(SamplingOptions options) {
    return new AlpacaOptions(options, gamed, template, seed);
  }

  /** Returns these options with another prompt of the judge. */
  public AlpacaOptions withTemplate(PromptTemplate other) {
    return new AlpacaOptions(generation, gamed, other, seed);
  }

  Map<String, String> options() {
    return Map.of(
        "generation",
        generation.toString(),
        "gamed baselines",
        gamed.map(rows -> rows.hash().hex()).orElse("none"),
        "judge prompt",
        template.hash().hex(),
        "order seed",
        Long.toString(seed));
  }
}
