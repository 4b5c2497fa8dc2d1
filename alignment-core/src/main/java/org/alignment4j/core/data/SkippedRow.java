package org.alignment4j.core.data;

import java.util.Optional;
import org.apiguardian.api.API;

/**
 * A row that tolerant reading left out.
 *
 * @param file the file as the user named it
 * @param line the line it starts on, counted from 1
 * @param field the field at fault; empty when the whole row is meant
 * @param fault the kind of fault
 * @param problem rule and offending value
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record SkippedRow(
    String file, long line, Optional<String> field, Fault fault, String problem) {

  /** Returns {@code file:line: problem}. */
  @Override
  public String toString() {
    return file + ":" + line + field.map(f -> ": field '" + f + "'").orElse("") + ": " + problem;
  }
}
