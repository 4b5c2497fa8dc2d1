package org.alignment4j.core.calls;

import org.apiguardian.api.API;

/**
 * A call that returns when it is answered. Safe for concurrent calls.
 *
 * @param <I> the inputs
 * @param <O> the answers
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface CallFunction<I, O> {

  /**
   * Calls.
   *
   * @throws org.alignment4j.api.RemoteCallException which says whether a retry may help
   * @throws Exception anything else; I/O failures, also below an {@link
   *     java.io.UncheckedIOException}, and time-outs are tried again, others are not; in particular
   *     not a response that does not parse (see {@link Calls})
   */
  O call(I input, Attempt attempt) throws Exception;
}
