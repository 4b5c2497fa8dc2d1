package org.alignment4j.oversight.amplify.task;

import org.apiguardian.api.API;

/** Where the answers come from that the learner is trained on. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum TargetSource {
  /** The overseer with the teacher as assistant: iterated amplification. */
  AMPLIFIED,
  /** The truth: the ceiling. */
  SUPERVISED,
  /** The overseer with an assistant who knows the facts alone. */
  ONE_LEVEL,
  /** The teacher's own answers. */
  UNAMPLIFIED
}
