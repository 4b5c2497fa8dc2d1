package org.alignment4j.eval.redteam.genetic;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * How texts are bred. Immutable.
 *
 * @param population texts in a generation
 * @param generations most generations
 * @param eliteShare share of the best texts that live on unchanged
 * @param crossoverRate probability that two parents exchange sentences
 * @param crossoverPoints most places at which they do
 * @param mutationRate probability that a child is rewritten
 * @param hierarchicalEvery generations between two that swap words instead of breeding; 0 for none
 * @param testEvery generations between two tests of the best text; 0 for none but the last
 * @param replyTokens longest reply in a test
 * @param seed where random numbers start
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GeneticOptions(
    int population,
    int generations,
    double eliteShare,
    double crossoverRate,
    int crossoverPoints,
    double mutationRate,
    int hierarchicalEvery,
    int testEvery,
    int replyTokens,
    long seed) {

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException when a value is outside its range
   */
  public GeneticOptions {
    require(population >= 2, "population must be at least 2 but was ", population);
    require(generations >= 1, "generations must be at least 1 but was ", generations);
    require(eliteShare >= 0 && eliteShare < 1, "eliteShare must be in [0, 1) but was ", eliteShare);
    require(
        crossoverRate >= 0 && crossoverRate <= 1,
        "crossoverRate must be in [0, 1] but was ",
        crossoverRate);
    require(crossoverPoints >= 1, "crossoverPoints must be at least 1 but was ", crossoverPoints);
    require(
        mutationRate >= 0 && mutationRate <= 1,
        "mutationRate must be in [0, 1] but was ",
        mutationRate);
    require(
        hierarchicalEvery >= 0,
        "hierarchicalEvery must not be negative (0 for never) but was ",
        hierarchicalEvery);
    require(
        testEvery >= 0, "testEvery must not be negative (0 for the last only) but was ", testEvery);
    require(replyTokens >= 1, "replyTokens must be at least 1 but was ", replyTokens);
  }

  private static void require(boolean holds, String rule, Number value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + value);
    }
  }

  /** Returns the values of AutoDAN: 256 texts, 100 generations, words every fifth. */
  public static GeneticOptions defaults() {
    return new GeneticOptions(256, 100, 0.05, 0.5, 5, 0.01, 5, 1, 64, 0);
  }

  /** Returns these options with other sizes. */
  public GeneticOptions withSize(int texts, int mostGenerations) {
    return new GeneticOptions(
        texts,
        mostGenerations,
        eliteShare,
        crossoverRate,
        crossoverPoints,
        mutationRate,
        hierarchicalEvery,
        testEvery,
        replyTokens,
        seed);
  }

  /** Returns these options with other rates. */
  public GeneticOptions withRates(double crossover, double mutation, int wordsEvery) {
    return new GeneticOptions(
        population,
        generations,
        eliteShare,
        crossover,
        crossoverPoints,
        mutation,
        wordsEvery,
        testEvery,
        replyTokens,
        seed);
  }

  /** Returns these options with other tests. */
  public GeneticOptions withTests(int every, int longestReply) {
    return new GeneticOptions(
        population,
        generations,
        eliteShare,
        crossoverRate,
        crossoverPoints,
        mutationRate,
        hierarchicalEvery,
        every,
        longestReply,
        seed);
  }

  /** Returns these options with another seed. */
  public GeneticOptions withSeed(long newSeed) {
    return new GeneticOptions(
        population,
        generations,
        eliteShare,
        crossoverRate,
        crossoverPoints,
        mutationRate,
        hierarchicalEvery,
        testEvery,
        replyTokens,
        newSeed);
  }

  Map<String, String> described() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("population", Integer.toString(population));
    all.put("generations", Integer.toString(generations));
    all.put("eliteShare", Double.toString(eliteShare));
    all.put("crossoverRate", Double.toString(crossoverRate));
    all.put("crossoverPoints", Integer.toString(crossoverPoints));
    all.put("mutationRate", Double.toString(mutationRate));
    all.put("hierarchicalEvery", Integer.toString(hierarchicalEvery));
    all.put("testEvery", Integer.toString(testEvery));
    all.put("replyTokens", Integer.toString(replyTokens));
    all.put("seed", Long.toString(seed));
    return all;
  }
}
