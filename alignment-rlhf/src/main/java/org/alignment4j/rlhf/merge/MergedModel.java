package org.alignment4j.rlhf.merge;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.api.provenance.Provenance;
import org.alignment4j.api.provenance.Traceable;
import org.apiguardian.api.API;

/**
 * What merging gives.
 *
 * @param model the merged model, which the caller closes; the members are unchanged
 * @param name its members and weights in one line
 * @param options the method, and the weight of every member by {@code weight.NAME}
 * @param seeds the seeds of random methods
 * @param parents the members, and the base model last where there is one
 * @param <M> the kind of model
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record MergedModel<M extends Model & AutoCloseable>(
    M model,
    String name,
    Map<String, String> options,
    Map<String, Long> seeds,
    List<Provenance> parents)
    implements Traceable {

  private static final Pattern DIGEST = Pattern.compile("sha256:([0-9a-f]{64})");

  /** Copies. */
  public MergedModel {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(name, "name");
    options = ImmutableMap.copyOf(options);
    seeds = ImmutableMap.copyOf(seeds);
    parents = List.copyOf(parents);
  }

  /**
   * Returns where the model comes from: the hashes of result, members and base, the weights and the
   * method. Reads all weights the first time.
   */
  @Override
  public Provenance provenance() {
    Map<String, ContentHash> hashes = new LinkedHashMap<>();
    hashes.put("content", hash(model.id()));
    parents.forEach(p -> hashes.put(p.name(), p.hashes().getOrDefault("content", hash(p.name()))));
    return new Provenance("model", name, hashes, seeds, options, Map.of(), "", parents);
  }

  /** The hash that an identity is, or that of an identity that is none. */
  static ContentHash hash(String id) {
    Matcher matcher = DIGEST.matcher(id);
    return matcher.matches() ? new ContentHash(matcher.group(1)) : ContentHash.of(id);
  }
}
