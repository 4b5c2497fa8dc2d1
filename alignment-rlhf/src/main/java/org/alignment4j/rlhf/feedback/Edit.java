package org.alignment4j.rlhf.feedback;

import org.apiguardian.api.API;

/**
 * A step from one sequence of pieces to another.
 *
 * @param <T> the pieces
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Edit<T> {

  /**
   * A piece of both.
   *
   * @param piece the piece
   * @param <T> the pieces
   */
  record Keep<T>(T piece) implements Edit<T> {}

  /**
   * A piece of the old sequence for which another stands in the new one.
   *
   * @param old the piece that was
   * @param piece the piece that is
   * @param <T> the pieces
   */
  record Replace<T>(T old, T piece) implements Edit<T> {}

  /**
   * A piece of the old sequence alone.
   *
   * @param old the piece that was
   * @param <T> the pieces
   */
  record Delete<T>(T old) implements Edit<T> {}

  /**
   * A piece of the new sequence alone.
   *
   * @param piece the piece that is
   * @param <T> the pieces
   */
  record Insert<T>(T piece) implements Edit<T> {}
}
