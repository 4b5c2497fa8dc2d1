package org.alignment4j.oversight.call;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.jspecify.annotations.Nullable;

/** Where calls are kept. Safe for concurrent use. */
interface CallStore extends AutoCloseable {

  /** Returns what is kept under a key, as plain values. */
  Optional<Map<String, @Nullable Object>> get(ContentHash key);

  /** Keeps a value; false when there is one already, which stays. */
  boolean put(ContentHash key, Map<String, @Nullable Object> value);

  @Override
  void close();

  /** Keeps calls as long as the process lives. */
  final class Memory implements CallStore {
    private final Map<ContentHash, Map<String, @Nullable Object>> values =
        new ConcurrentHashMap<>();

    @Override
    public Optional<Map<String, @Nullable Object>> get(ContentHash key) {
      return Optional.ofNullable(values.get(key));
    }

    @Override
    public boolean put(ContentHash key, Map<String, @Nullable Object> value) {
      return values.putIfAbsent(key, value) == null;
    }

    @Override
    public void close() {
      values.clear();
    }
  }

  /**
   * Keeps calls on disk.
   *
   * @param journal the file
   */
  record OnDisk(Journal journal) implements CallStore {
    @Override
    public Optional<Map<String, @Nullable Object>> get(ContentHash key) {
      return journal.get(key);
    }

    @Override
    public boolean put(ContentHash key, Map<String, @Nullable Object> value) {
      return journal.put(key, value);
    }

    @Override
    public void close() {
      journal.close();
    }
  }
}
