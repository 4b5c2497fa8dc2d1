package org.alignment4j.api;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** A data file breaks its format; file, line and field say where. */
@API(status = API.Status.STABLE, since = "0.1")
public class DataFormatException extends AlignmentException {
  private static final long serialVersionUID = 1L;

  /** The file as the user named it. */
  private final String file;

  /** The line, from 1, or 0 for the whole file. */
  private final long line;

  /** The field, or null for the whole line. */
  private final @Nullable String field;

  /** The message without the place. */
  private final String problem;

  /**
   * Creates a failure at a place of a file.
   *
   * @param file the file as the user named it
   * @param line the line, counted from 1, or 0 when the whole file is meant
   * @param field the field (JSON pointer, column name), or null when the whole line is meant
   * @param problem rule, offending value and remedy; the place is added to it
   */
  public DataFormatException(String file, long line, @Nullable String field, String problem) {
    this(file, line, field, problem, null);
  }

  /**
   * Creates a failure at a place of a file, with the failure that caused it.
   *
   * @param file the file as the user named it
   * @param line the line, counted from 1, or 0 when the whole file is meant
   * @param field the field (JSON pointer, column name), or null when the whole line is meant
   * @param problem rule, offending value and remedy; the place is added to it
   * @param cause what failed underneath, or null when nothing did
   */
  public DataFormatException(
      String file, long line, @Nullable String field, String problem, @Nullable Throwable cause) {
    super(message(file, line, field, problem), cause);
    this.file = file;
    this.line = line;
    this.field = field;
    this.problem = problem;
  }

  private static String message(String file, long line, @Nullable String field, String problem) {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(problem, "problem");
    if (line < 0) {
      throw new IllegalArgumentException("line must not be negative but was " + line);
    }
    StringBuilder place = new StringBuilder(file);
    if (line > 0) {
      place.append(", line ").append(line);
    }
    if (field != null) {
      place.append(", field '").append(field).append('\'');
    }
    return problem + " (" + place + ")";
  }

  /**
   * Returns the file.
   *
   * @return the file as the user named it
   */
  public String file() {
    return file;
  }

  /**
   * Returns the line.
   *
   * @return the line, counted from 1; empty when the whole file is meant
   */
  public OptionalLong line() {
    return line == 0 ? OptionalLong.empty() : OptionalLong.of(line);
  }

  /**
   * Returns the field.
   *
   * @return the field; empty when the whole line is meant
   */
  public Optional<String> field() {
    return Optional.ofNullable(field);
  }

  /**
   * Returns the message without the place.
   *
   * @return rule, offending value and remedy
   */
  public String problem() {
    return problem;
  }
}
