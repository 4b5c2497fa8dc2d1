package org.alignment4j.eval.redteam;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.Solver;
import org.alignment4j.api.model.Model;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.eval.solve.Generation;
import org.apiguardian.api.API;

/**
 * Lets models answer that one is authorised to attack, and no others. Immutable and thread-safe.
 *
 * @param sampling how replies are sampled
 * @param authorities the statement of authority by model identity
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AuthorizedGeneration(SamplingOptions sampling, Map<String, Authority> authorities)
    implements Solver {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is no authority for any model
   */
  public AuthorizedGeneration {
    Objects.requireNonNull(sampling, "sampling");
    authorities = Map.copyOf(authorities);
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException(
          "attacks need an authorised target; name each model with owner and purpose");
    }
  }

  /** Returns a solver of some targets. */
  public static AuthorizedGeneration of(SamplingOptions sampling, List<AuthorizedTarget> targets) {
    Map<String, Authority> authorities = new LinkedHashMap<>();
    targets.forEach(target -> authorities.put(target.model().id(), target.authority()));
    return new AuthorizedGeneration(sampling, authorities);
  }

  /** Returns the statements and the sampling as options of a benchmark's provenance. */
  public Map<String, String> described() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("sampling", sampling.toString());
    authorities.forEach((model, authority) -> options.put("authority " + model, "" + authority));
    return options;
  }

  @Override
  public Set<Class<? extends Model>> requires() {
    return Generation.once(sampling).requires();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when there is no authority to attack the model
   */
  @Override
  public List<Answer> solve(List<Sample> samples, Model model, CancellationToken cancellation) {
    if (!authorities.containsKey(model.id())) {
      throw new IllegalArgumentException(
          "the model must be one of the authorised targets "
              + authorities.keySet()
              + " but was '"
              + model.id()
              + "'; state who owns it and what the attack is for");
    }
    return Generation.once(sampling).solve(samples, model, cancellation);
  }
}
