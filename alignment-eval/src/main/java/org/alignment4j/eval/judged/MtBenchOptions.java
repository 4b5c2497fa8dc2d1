package org.alignment4j.eval.judged;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.alignment4j.api.model.SamplingOptions;
import org.apiguardian.api.API;

/**
 * How MT-Bench is run.
 *
 * @param maxNewTokens most tokens of an answer
 * @param seed where random numbers of the answers start; empty lets a remote model choose
 * @param references reference answers; empty for those of the questions' own file, of which some
 *     lack one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MtBenchOptions(
    int maxNewTokens, OptionalLong seed, Optional<MtBenchAnswers> references) {
  private static final int USUAL_TOKENS = 1024;

  /** At most 1024 tokens, the model's own random numbers, references of the questions' file. */
  public static final MtBenchOptions DEFAULT =
      new MtBenchOptions(USUAL_TOKENS, OptionalLong.empty(), Optional.empty());

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if there is to be no token
   */
  public MtBenchOptions {
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(references, "references");
    if (maxNewTokens < 1) {
      throw new IllegalArgumentException("maxNewTokens must be at least 1 but was " + maxNewTokens);
    }
  }

  /** Returns these options with another limit of an answer's length. */
  public MtBenchOptions withMaxNewTokens(int tokens) {
    return new MtBenchOptions(tokens, seed, references);
  }

  /** Returns these options with random numbers that start at a seed. */
  public MtBenchOptions withSeed(long start) {
    return new MtBenchOptions(maxNewTokens, OptionalLong.of(start), references);
  }

  /** Returns these options with reference answers, as FastChat's {@code reference_answer} has. */
  public MtBenchOptions withReferences(MtBenchAnswers answers) {
    return new MtBenchOptions(maxNewTokens, seed, Optional.of(answers));
  }

  SamplingOptions sampling(double temperature) {
    SamplingOptions.Builder builder =
        SamplingOptions.builder(maxNewTokens).temperature(temperature);
    seed.ifPresent(builder::seed);
    return builder.build();
  }

  Map<String, String> options() {
    return Map.of(
        "max new tokens",
        Integer.toString(maxNewTokens),
        "seed",
        seed.isPresent() ? Long.toString(seed.getAsLong()) : "",
        "references",
        references.map(r -> r.hash().hex()).orElse("of the questions"));
  }
}
