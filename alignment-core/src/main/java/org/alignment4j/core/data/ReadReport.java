package org.alignment4j.core.data;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What reading a file came to.
 *
 * @param file the file as the user named it
 * @param sha256 hash of the file's bytes as stored, in hex; empty until the file was read to its
 *     end
 * @param rows rows met, blank lines aside
 * @param faults numbers of rows left out, by kind; always empty for strict reading
 * @param skipped the first rows left out, in file order, at most {@link ReadOptions#maxListed()}
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ReadReport(
    String file,
    Optional<String> sha256,
    long rows,
    Map<Fault, Long> faults,
    List<SkippedRow> skipped) {

  /** Copies the collections. */
  public ReadReport {
    EnumMap<Fault, Long> copy = new EnumMap<>(Fault.class);
    copy.putAll(faults);
    faults = Collections.unmodifiableMap(copy);
    skipped = List.copyOf(skipped);
  }

  /** Rows delivered. */
  public long kept() {
    return rows - skippedRows();
  }

  /** Rows left out, listed or not. */
  public long skippedRows() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Rows left out for one kind of fault. */
  public long count(Fault fault) {
    return faults.getOrDefault(fault, 0L);
  }

  /** Returns one line such as {@code pairs.jsonl: 2303 of 2312 rows read, 4 empty text}. */
  public String summary() {
    StringBuilder text = new StringBuilder(file + ": " + kept() + " of " + rows + " rows read");
    faults.forEach(
        (fault, count) ->
            text.append(", ")
                .append(count)
                .append(' ')
                .append(fault.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return text.toString();
  }
}
