package org.alignment4j.core.calls;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An attempt under way. */
final class Flight<I> {
  final Item<I> item;

  /** Its number in order of start. */
  final long number;

  /** When it is given up; {@code Long.MAX_VALUE} for never. */
  final long deadline;

  private volatile boolean abandoned;
  private volatile @Nullable CompletableFuture<?> future;

  Flight(Item<I> item, long number, long deadline) {
    this.item = item;
    this.number = number;
    this.deadline = deadline;
  }

  void future(CompletableFuture<?> answer) {
    future = answer;
  }

  boolean abandoned() {
    return abandoned;
  }

  /** Gives the attempt up; what it still brings is ignored. */
  void abandon() {
    abandoned = true;
    CompletableFuture<?> answer = future;
    if (answer != null) {
      answer.cancel(true);
    }
  }
}
