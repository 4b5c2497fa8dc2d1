package org.alignment4j.api.evaluation;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.Prompt;
import org.apiguardian.api.API;

/**
 * One item of a benchmark.
 *
 * @param id its identity within the benchmark
 * @param prompt what the model is asked
 * @param choices answers to choose from; empty for a free answer
 * @param targets right answers: texts, or choices by their text; empty when a scorer needs none
 * @param cluster the group of samples that share a source and are not independent; the id when it
 *     stands alone
 * @param metadata what else the data file says, by field
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Sample(
    String id,
    Prompt prompt,
    List<String> choices,
    List<String> targets,
    String cluster,
    Map<String, String> metadata) {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when the id is blank
   */
  public Sample {
    Objects.requireNonNull(prompt, "prompt");
    Objects.requireNonNull(cluster, "cluster");
    choices = List.copyOf(choices);
    targets = List.copyOf(targets);
    metadata = ImmutableMap.copyOf(metadata);
    if (id.isBlank()) {
      throw new IllegalArgumentException("id must not be blank");
    }
  }

  /**
   * Returns an independent sample with a free answer.
   *
   * @param id its identity within the benchmark
   * @param prompt what the model is asked
   * @param targets right answers
   * @return the sample
   * @throws IllegalArgumentException when the id is blank
   */
  public static Sample open(String id, Prompt prompt, List<String> targets) {
    return new Sample(id, prompt, List.of(), targets, id, Map.of());
  }

  /**
   * Returns an independent sample with answers to choose from.
   *
   * @param id its identity within the benchmark
   * @param prompt what the model is asked
   * @param choices answers to choose from
   * @param targets the right ones among them
   * @return the sample
   * @throws IllegalArgumentException when the id is blank
   */
  public static Sample choice(
      String id, Prompt prompt, List<String> choices, List<String> targets) {
    return new Sample(id, prompt, choices, targets, id, Map.of());
  }
}
