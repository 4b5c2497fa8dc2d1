package org.alignment4j.examples.compare;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for. Not for concurrent use. */
final class Lazy<T> {

  private final Supplier<T> make;
  private @Nullable T value;

  Lazy(Supplier<T> make) {
    this.make = make;
  }

  T get() {
    T made = value;
    if (made == null) {
      made = make.get();
      value = made;
    }
    return made;
  }

  /** Gives the value to someone if it was made. */
  void ifMade(Consumer<? super T> taker) {
    T made = value;
    if (made != null) {
      taker.accept(made);
    }
  }
}
