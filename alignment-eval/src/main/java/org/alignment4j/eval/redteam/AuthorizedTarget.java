package org.alignment4j.eval.redteam;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.alignment4j.api.model.Model;
import org.apiguardian.api.API;

/**
 * A model with the statement of authority to attack it. Attacks take nothing else. Immutable.
 *
 * @param model the model to attack
 * @param authority who allows it and what for
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AuthorizedTarget(Model model, Authority authority) {

  /** Checks that nothing is missing. */
  public AuthorizedTarget {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(authority, "authority");
  }

  /**
   * Returns a target.
   *
   * @param model the model to attack
   * @param owner who owns the model and gave leave
   * @param purpose what the attack is for
   * @throws IllegalArgumentException when the owner or the purpose is blank
   */
  public static AuthorizedTarget of(Model model, String owner, String purpose) {
    return new AuthorizedTarget(model, new Authority(owner, purpose));
  }

  /**
   * Returns the model as what an attack needs.
   *
   * @param capability such as {@link org.alignment4j.api.model.GradientModel}
   * @throws IllegalArgumentException when the model is no such model; names model and capability
   */
  public <T extends Model> T as(Class<T> capability) {
    if (!capability.isInstance(model)) {
      throw new IllegalArgumentException(
          "the attack needs a target that is a "
              + capability.getSimpleName()
              + " but '"
              + model.id()
              + "' is none; take an attack that needs less, such as PAIR or templates");
    }
    return capability.cast(model);
  }

  /**
   * Checks before the first call that the model can do all that an attack needs.
   *
   * @param capabilities what the attack needs
   * @throws IllegalArgumentException when the model lacks one; names all that it lacks
   */
  public void require(Set<Class<? extends Model>> capabilities) {
    Set<String> lacking = new TreeSet<>();
    for (Class<? extends Model> capability : capabilities) {
      if (!capability.isInstance(model)) {
        lacking.add(capability.getSimpleName());
      }
    }
    if (!lacking.isEmpty()) {
      throw new IllegalArgumentException(
          "the attack needs a target that is a "
              + String.join(" and a ", lacking)
              + " but '"
              + model.id()
              + "' is none; take an attack that needs less, such as PAIR or templates");
    }
  }
}
