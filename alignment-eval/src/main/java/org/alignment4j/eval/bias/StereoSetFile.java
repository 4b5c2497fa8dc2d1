package org.alignment4j.eval.bias;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.data.ReadReport;
import org.alignment4j.core.data.Row;
import org.alignment4j.core.data.RowReader;
import org.alignment4j.core.data.Strictness;

/**
 * The items of a file of StereoSet: the official form, or three lists of which element i belongs to
 * one item.
 *
 * @param items the items
 * @param reports how each list was read
 */
record StereoSetFile(List<StereoSetItem> items, List<ReadReport> reports) {

  private static final String INTRASENTENCE = "data.intrasentence";
  private static final String INTERSENTENCE = "data.intersentence";
  private static final String BLANK = "BLANK";

  StereoSetFile {
    items = List.copyOf(items);
    reports = List.copyOf(reports);
  }

  static StereoSetFile read(Path path, ReadOptions options) {
    if (RowReader.holdsList(path, INTRASENTENCE, options)) {
      return official(path, options);
    }
    if (RowReader.holdsList(path, StereoSetItem.LABELS.get(0), options)) {
      return triples(path, options);
    }
    throw new DataFormatException(
        path.toString(),
        0,
        null,
        "the file must hold lists "
            + INTRASENTENCE
            + " and "
            + INTERSENTENCE
            + ", or three lists "
            + StereoSetItem.LABELS
            + ", but holds neither; take dev.json of StereoSet");
  }

  private static StereoSetFile official(Path path, ReadOptions options) {
    List<StereoSetItem> items = new ArrayList<>();
    List<ReadReport> reports = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String list : List.of(INTRASENTENCE, INTERSENTENCE)) {
      boolean intrasentence = list.equals(INTRASENTENCE);
      reports.add(
          read(
              path,
              list,
              options,
              row -> distinct(row, ids, StereoSetItem.of(row, intrasentence)),
              items));
    }
    return new StereoSetFile(items, reports);
  }

  private static StereoSetItem distinct(Row row, Set<String> ids, StereoSetItem item) {
    if (!ids.add(item.id())) {
      throw row.fault("id", "an id must occur once but '" + item.id() + "' occurs twice");
    }
    return item;
  }

  private static <T> ReadReport read(
      Path path, String list, ReadOptions options, Function<Row, T> convert, List<T> into) {
    try (RowReader rows = RowReader.openList(path, list, options)) {
      rows.forEach(convert, into::add);
      return rows.report();
    }
  }

  /** A sentence of the three-list form. */
  private record Part(
      String id, String target, String biasType, String context, String sentence, Row row) {

    static Part of(Row row, int label, Set<String> ids) {
      long stated = row.integer("label");
      long wanted = label == 0 ? 1 : label == 1 ? 0 : 2;
      if (stated != wanted) {
        throw row.fault(
            "label",
            "the label must be %s in the list '%s' but was %s"
                .formatted(wanted, StereoSetItem.LABELS.get(label), stated));
      }
      String id = row.text("id");
      if (!ids.add(id)) {
        throw row.fault("id", "an id must occur once in a list but '" + id + "' occurs twice");
      }
      return new Part(
          id,
          row.text("target"),
          row.text("bias_type"),
          row.text("context"),
          row.text("sentence"),
          row);
    }
  }

  private static StereoSetFile triples(Path path, ReadOptions options) {
    List<ReadReport> reports = new ArrayList<>();
    List<Map<String, Part>> lists = new ArrayList<>();
    for (int label = 0; label < StereoSetItem.LABELS.size(); label++) {
      int of = label;
      Set<String> ids = new HashSet<>();
      List<Part> parts = new ArrayList<>();
      reports.add(
          read(
              path, StereoSetItem.LABELS.get(label), options, row -> Part.of(row, of, ids), parts));
      Map<String, Part> byId = new LinkedHashMap<>();
      parts.forEach(part -> byId.put(part.id(), part));
      lists.add(byId);
    }
    List<StereoSetItem> items = new ArrayList<>();
    for (Part first : lists.get(0).values()) {
      List<String> sentences = new ArrayList<>();
      for (Map<String, Part> list : lists) {
        Part part = list.get(first.id());
        if (part != null) {
          sentences.add(part.sentence());
        }
      }
      if (sentences.size() == lists.size()) {
        items.add(item(first, sentences));
      } else if (options.strictness() == Strictness.STRICT) {
        throw first.row().fault("id", "every list must have the item but one has no such id");
      }
    }
    return new StereoSetFile(items, reports);
  }

  private static StereoSetItem item(Part first, List<String> sentences) {
    return new StereoSetItem(
        first.id(),
        first.target(),
        first.biasType(),
        first.context().contains(BLANK),
        first.context(),
        List.copyOf(sentences));
  }
}
