package org.alignment4j.examples.compare;

import java.util.List;
import org.alignment4j.api.evaluation.Direction;

/** A number that a method improves, on held-out data. Objectives that are equal give the same. */
interface Objective {

  /** What tables call it. */
  String title();

  /** Which way is better. */
  Direction direction();

  /** Whether it looks at replies. */
  default boolean readsReplies() {
    return false;
  }

  /**
   * Its values of a policy.
   *
   * @param context models and held-out data
   * @param policy whose values they are
   * @param replies the policy's replies to the held-out prompts; may be empty where it does not
   *     look at them
   * @return values that can be compared one by one with those of another policy
   */
  Values of(MethodContext context, Policy policy, List<MeasuredReply> replies);

  /**
   * Values and what each belongs to.
   *
   * @param values one for each held-out item
   * @param clusters the prompt of each; values of one prompt do not count as independent
   */
  record Values(double[] values, List<String> clusters) {
    /** Copies the clusters. */
    public Values {
      clusters = List.copyOf(clusters);
    }

    /** Values of replies, one for each. */
    static Values ofReplies(List<MeasuredReply> replies, double[] values) {
      return new Values(
          values, replies.stream().map(reply -> reply.kind() + " " + reply.source()).toList());
    }
  }
}
