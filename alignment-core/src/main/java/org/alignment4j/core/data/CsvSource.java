package org.alignment4j.core.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.Reader;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Records of a file of separated values (RFC 4180) with a header row, unless the options name the
 * columns. Every cell is a string.
 */
final class CsvSource implements RowSource {

  private static final int MAX_COLUMNS = 16_384;

  /** How the parser names the line of a record at fault. */
  private static final Pattern RECORD =
      Pattern.compile("(.*) \\(record starting at line (\\d+)\\)", Pattern.DOTALL);

  private static final String UNCLOSED = "Unclosed quoted field";

  private final String file;
  private final ReadOptions options;
  private final QuoteTracker quotes;
  private final Iterator<CsvRecord> records;
  private @Nullable List<String> header;
  private long lastLine = 1;

  CsvSource(String file, Reader text, char separator, ReadOptions options) {
    this.file = file;
    this.options = options;
    DataLimits limits = options.limits();
    int cell = Math.min(limits.maxStringChars(), limits.maxLineBytes());
    this.header = options.columns().isEmpty() ? null : options.columns();
    this.quotes = new QuoteTracker(text, separator);
    this.records =
        CsvReader.builder()
            .fieldSeparator(separator)
            .skipEmptyLines(true)
            // Cell counts are checked here, so that one ragged row does not end the file.
            .allowExtraFields(true)
            .allowMissingFields(true)
            .allowUnclosedQuote(false)
            .maxBufferSize(Math.max(1 << 16, cell))
            .build(
                CsvRecordHandler.of(
                    handler ->
                        handler
                            .maxFields(MAX_COLUMNS)
                            .maxFieldSize(cell)
                            .maxRecordSize(limits.maxLineBytes())),
                quotes)
            .iterator();
  }

  @Override
  public @Nullable Row next() {
    if (header == null) {
      CsvRecord first = nextRecord();
      if (first == null) {
        throw new DataFormatException(
            file, 0, null, "the first line must be a header of column names but the file is empty");
      }
      header = checkedHeader(first);
    }
    CsvRecord record = nextRecord();
    if (record == null) {
      return null;
    }
    if (record.getFieldCount() != header.size()) {
      throw fault(
          record,
          Fault.SYNTAX,
          (options.columns().isEmpty()
                  ? "a row must have as many cells as the header, "
                  : "a row must have as many cells as there are columns, ")
              + header.size()
              + ", but has "
              + record.getFieldCount());
    }
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String cell = record.getField(i);
      if (cell.indexOf(DataInput.MALFORMED) >= 0) {
        throw new RowException(
            file,
            record.getStartingLineNumber(),
            header.get(i),
            Fault.ENCODING,
            "a cell must be UTF-8 but is malformed; convert the file to UTF-8 first");
      }
      values.put(header.get(i), cell);
    }
    return Row.ofCells(file, record.getStartingLineNumber(), values, options);
  }

  private @Nullable CsvRecord nextRecord() {
    try {
      if (!records.hasNext()) {
        return null;
      }
      CsvRecord record = records.next();
      lastLine = record.getStartingLineNumber();
      return record;
    } catch (CsvParseException e) {
      throw unreadable(e);
    }
  }

  private DataFormatException unreadable(CsvParseException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = String.valueOf(cause.getMessage());
    if (message.startsWith(UNCLOSED)) {
      return new DataFormatException(
          file,
          quotes.openedLine(),
          null,
          "cannot read CSV: a quoted cell must end with a quote but that which opens at column "
              + quotes.openedColumn()
              + " is never closed; close it, or double a quote that is part of a cell",
          e);
    }
    Matcher record = RECORD.matcher(message);
    return record.matches()
        ? new DataFormatException(
            file, Long.parseLong(record.group(2)), null, "cannot read CSV: " + record.group(1), e)
        : new DataFormatException(
            file, lastLine, null, "cannot read CSV at or after this line: " + message, e);
  }

  private List<String> checkedHeader(CsvRecord record) {
    Set<String> seen = new HashSet<>();
    for (String name : record.getFields()) {
      if (!seen.add(name)) {
        throw new DataFormatException(
            file,
            record.getStartingLineNumber(),
            name,
            "a column name must occur once in the header but occurs twice");
      }
    }
    return List.copyOf(record.getFields());
  }

  private RowException fault(CsvRecord record, Fault fault, String problem) {
    return new RowException(file, record.getStartingLineNumber(), null, fault, problem);
  }
}
