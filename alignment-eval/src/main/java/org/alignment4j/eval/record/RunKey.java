package org.alignment4j.eval.record;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.PlainJson;
import org.apiguardian.api.API;

/**
 * Everything the answers of one model to one benchmark depend on: runs that differ in any of it
 * never share a file.
 *
 * @param benchmark the benchmark's name
 * @param version the benchmark's version
 * @param data hash of the samples that are run, in order, with their prompts
 * @param model the model's identity
 * @param parameters what else shapes the answers or their scores, by name, such as the template,
 *     its options and the scorer; what only shapes the figures made of the scores is not among them
 * @param limit most samples of the benchmark; empty for all
 * @param seed seed of the choice of samples; empty when the first ones are taken
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RunKey(
    String benchmark,
    String version,
    ContentHash data,
    String model,
    Map<String, String> parameters,
    OptionalLong limit,
    OptionalLong seed) {

  /** The parameter of a run whose samples were solved in several epochs. */
  public static final String SOLVED = "solved";

  private static final int NAME_CHARS = 40;
  private static final int HASH_CHARS = 16;

  /** Checks that nothing is missing, and copies. */
  public RunKey {
    Objects.requireNonNull(benchmark, "benchmark");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(limit, "limit");
    Objects.requireNonNull(seed, "seed");
    parameters = ImmutableMap.copyOf(parameters);
  }

  /**
   * Returns what of the parameters is the benchmark's own, such as its scorer, its options and its
   * seeds: figures with different ones are not comparable. What the user added is not among them,
   * nor whether samples were solved in epochs, whose answers come to one score a sample.
   */
  public Map<String, String> method() {
    Map<String, String> own = new LinkedHashMap<>(parameters);
    own.keySet().removeIf(name -> name.startsWith("parameter ") || name.equals(SOLVED));
    return own;
  }

  /** Returns the key as plain values, as the file's first line has it. */
  public Map<String, Object> configuration() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("content", "evaluation");
    fields.put("benchmark", benchmark);
    fields.put("benchmark_version", version);
    fields.put("data", data.hex());
    fields.put("model", model);
    fields.put("parameters", parameters);
    limit.ifPresent(value -> fields.put("limit", value));
    seed.ifPresent(value -> fields.put("seed", value));
    return fields;
  }

  /**
   * Reads a key from plain values.
   *
   * @throws IllegalArgumentException if they are not those of a key; names the field
   */
  public static RunKey of(Map<?, ?> configuration) {
    return new RunKey(
        RecordFields.text(configuration, "benchmark"),
        RecordFields.text(configuration, "benchmark_version"),
        new ContentHash(RecordFields.text(configuration, "data")),
        RecordFields.text(configuration, "model"),
        RecordFields.textMap(configuration, "parameters"),
        whole(configuration, "limit"),
        whole(configuration, "seed"));
  }

  private static OptionalLong whole(Map<?, ?> configuration, String name) {
    return configuration.containsKey(name)
        ? OptionalLong.of(RecordFields.whole(configuration, name))
        : OptionalLong.empty();
  }

  /** Returns the name of the run's file: the benchmark's name and a hash of the key. */
  public String fileName() {
    String name =
        benchmark.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    String hash = PlainJson.key(configuration()).hex().substring(0, HASH_CHARS);
    return name.substring(0, Math.min(NAME_CHARS, name.length())) + "-" + hash + ".jsonl";
  }
}
