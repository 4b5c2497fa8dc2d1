package org.alignment4j.examples.compare;

import java.nio.file.Path;
import java.util.Map;

/** A method that is compared with others. */
interface AlignmentMethod {

  /** What tables call it, different from all others. */
  String name();

  /** Where it was published. */
  String paper();

  /** What it improves, by its own account. */
  Objective objective();

  /** Its rate and what else it is set to, by name: the same in every process. */
  Map<String, String> settings();

  /** The policy it starts from, which the context closes. */
  default Policy start(MethodContext context) {
    return context.start();
  }

  /**
   * Trains a policy.
   *
   * @param context models and data of a seed
   * @param folder the training's own; an interrupted one goes on from it
   * @return the policy, which the caller closes
   */
  Policy train(MethodContext context, Path folder);
}
