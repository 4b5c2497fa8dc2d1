package org.alignment4j.eval.redteam;

import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Where an attack on one goal keeps its state between steps. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface AttackMemory {

  /** Returns the state saved last as plain values; empty at the beginning. */
  Optional<Map<String, @Nullable Object>> load();

  /**
   * Keeps a state in place of the one before.
   *
   * @param state plain values (see {@link org.alignment4j.core.journal.PlainJson})
   */
  void save(Map<String, @Nullable Object> state);

  /** Returns a memory that forgets at once. */
  static AttackMemory none() {
    return new AttackMemory() {
      @Override
      public Optional<Map<String, @Nullable Object>> load() {
        return Optional.empty();
      }

      @Override
      public void save(Map<String, @Nullable Object> state) {}
    };
  }
}
