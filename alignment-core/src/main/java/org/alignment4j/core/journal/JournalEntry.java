package org.alignment4j.core.journal;

import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.provenance.ContentHash;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One finished piece of work.
 *
 * @param key what it is filed under
 * @param value what came out, as plain values
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record JournalEntry(ContentHash key, Map<String, @Nullable Object> value) {
  /** Checks that nothing is missing. */
  public JournalEntry {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
  }
}
