package org.alignment4j.interp.diff;

import org.alignment4j.interp.head.HeadId;
import org.apiguardian.api.API;

/**
 * How the weights of one head changed: {@code ‖after − before‖/‖before‖} in Frobenius norms, 0
 * where nothing did, infinite where zeros became something. Norms before attention are not in it.
 *
 * @param head the head
 * @param query of {@code W_Q} and its bias
 * @param key of {@code W_K} and its bias, of the key and value head it reads
 * @param value of {@code W_V} and its bias, of the key and value head it reads
 * @param output of {@code W_O}
 * @param qk of {@code W_Q·W_Kᵀ} without biases, which tells a change of what the head does from a
 *     turn of its inner axes; rotary positions and norms of heads are not in it
 * @param ov of {@code W_V·W_O}, likewise
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record HeadChange(
    HeadId head, double query, double key, double value, double output, double qk, double ov) {

  /** The greater change of the two circuits, by which heads are ordered. */
  public double greatest() {
    return Math.max(qk, ov);
  }
}
