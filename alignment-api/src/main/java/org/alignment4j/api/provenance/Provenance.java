package org.alignment4j.api.provenance;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Where something comes from, in enough detail to make it again. Contains no secret and no clock
 * time, so that equal work has equal provenance.
 *
 * @param kind what it is: {@code model}, {@code dataset}, {@code run}, {@code report}
 * @param name what it is called
 * @param hashes content hashes of what went in, by name
 * @param seeds random seeds, by use
 * @param options every option that shapes the result, as text
 * @param versions versions of libraries, data formats, JVM and operating system, by name
 * @param device what computed it, such as {@code cpu} or {@code cuda:0}, with what is known about
 *     determinism; empty when nothing was computed
 * @param parents what it was made from
 */
@API(status = API.Status.STABLE, since = "0.1")
public record Provenance(
    String kind,
    String name,
    Map<String, ContentHash> hashes,
    Map<String, Long> seeds,
    Map<String, String> options,
    Map<String, String> versions,
    String device,
    List<Provenance> parents) {

  /** Checks that nothing is missing, and copies. */
  public Provenance {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(device, "device");
    hashes = ImmutableMap.copyOf(hashes);
    seeds = ImmutableMap.copyOf(seeds);
    options = ImmutableMap.copyOf(options);
    versions = ImmutableMap.copyOf(versions);
    parents = List.copyOf(parents);
  }

  /**
   * Returns the provenance of something of which only its name and content are known.
   *
   * @param kind what it is
   * @param name what it is called
   * @param content the hash of its content
   * @return the provenance
   */
  public static Provenance of(String kind, String name, ContentHash content) {
    return new Provenance(
        kind, name, Map.of("content", content), Map.of(), Map.of(), Map.of(), "", List.of());
  }
}
