package org.alignment4j.pocket.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows as the text of files: comma-separated values (RFC 4180) or JSON lines, ended by "\n". */
final class TableText {
  private TableText() {}

  static String csv(List<List<String>> rows) {
    return rows.stream()
        .map(row -> row.stream().map(TableText::field).collect(Collectors.joining(",")) + "\n")
        .collect(Collectors.joining());
  }

  static String jsonLines(List<Map<String, Object>> rows) {
    ObjectMapper json = new ObjectMapper();
    StringBuilder text = new StringBuilder();
    try {
      for (Map<String, Object> row : rows) {
        text.append(json.writeValueAsString(row)).append('\n');
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("rows must be plain values", e);
    }
    return text.toString();
  }

  private static String field(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
