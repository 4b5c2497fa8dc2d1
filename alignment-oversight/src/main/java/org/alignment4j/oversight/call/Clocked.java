package org.alignment4j.oversight.call;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.alignment4j.api.model.Usage;

/**
 * Calls of one role that are booked before they start and settled when they end.
 *
 * @param calls where they are booked
 * @param role who calls
 * @param model who is called
 * @param <M> the model's capability
 */
record Clocked<M>(RecordedCalls calls, String role, M model) {
  Clocked {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(model, "model");
    if (role.isBlank()) {
      throw new IllegalArgumentException("role must not be blank");
    }
  }

  /** Asks, with one booked call for each answer. */
  <A> List<A> ask(int count, Supplier<List<A>> question, Function<A, Usage> usage) {
    calls.reserve(role, count);
    List<A> answers;
    try {
      answers = question.get();
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < count; i++) {
        calls.ledger().settleFailed();
      }
      throw e;
    }
    for (A answer : answers) {
      calls.ledger().settle(role, usage.apply(answer));
    }
    return answers;
  }
}
