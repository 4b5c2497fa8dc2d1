package org.alignment4j.core.data;

import java.nio.file.Path;
import java.util.Locale;
import org.apiguardian.api.API;

/** File formats that {@link RowReader} reads; each may be gzip-compressed. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum DataFormat {
  /**
   * One JSON object a line ({@code .jsonl}, {@code .ndjson}). A string in place of an object is a
   * row with the one field {@code text}.
   */
  JSONL,
  /**
   * One JSON list of objects ({@code .json}); a file that starts with an object is read as JSONL. A
   * string in place of an object is a row with the one field {@code text}.
   */
  JSON,
  /**
   * Comma-separated values after RFC 4180 with a header row ({@code .csv}). A cell with nothing but
   * blanks is a missing value; numbers are spelt as in JSON (see {@link Row}).
   */
  CSV,
  /** Tab-separated values with a header row ({@code .tsv}), otherwise like {@link #CSV}. */
  TSV,
  /**
   * Plain text ({@code .txt}): documents separated by lines that say {@code <|endoftext|>}, or one
   * document. Each is a row with the one field {@code text}, without the line breaks around it.
   */
  TEXT,
  /**
   * Plain text of which each line is a row with the one field {@code text}; to be stated in the
   * read options.
   */
  TEXT_LINES;

  /**
   * Returns the format that a file's name states; a final {@code .gz} is left aside.
   *
   * @throws IllegalArgumentException if the name states none
   */
  public static DataFormat of(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".gz")) {
      name = name.substring(0, name.length() - 3);
    }
    if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
      return JSONL;
    }
    if (name.endsWith(".json")) {
      return JSON;
    }
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".tsv")) {
      return TSV;
    }
    if (name.endsWith(".txt")) {
      return TEXT;
    }
    throw new IllegalArgumentException(
        "the file name must end in .jsonl, .ndjson, .json, .csv, .tsv or .txt (and .gz when"
            + " compressed) but was "
            + path
            + "; state the format in the read options, or convert other formats such as Parquet"
            + " to JSONL first");
  }
}
