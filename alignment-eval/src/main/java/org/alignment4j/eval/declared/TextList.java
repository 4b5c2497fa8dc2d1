package org.alignment4j.eval.declared;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.alignment4j.core.data.Fault;
import org.alignment4j.core.data.Row;

/** Texts of a declaration: each of its own, or those of one field that holds a list. */
final class TextList {

  private final List<FieldText> texts;

  private TextList(List<FieldText> texts) {
    this.texts = List.copyOf(texts);
  }

  /**
   * Reads a field of a declaration that is a list of texts or one text.
   *
   * @param place the declaration
   * @param at its field; none when it is absent
   * @param known the names there are
   */
  static TextList parse(Row place, String at, Set<String> known) {
    if (!place.has(at)) {
      return new TextList(List.of());
    }
    if (!place.isList(at)) {
      return new TextList(List.of(FieldText.parse(place, at, place.text(at), known)));
    }
    List<FieldText> texts = new ArrayList<>();
    for (String text : place.strings(at)) {
      texts.add(FieldText.parse(place, at, text, known));
    }
    if (texts.isEmpty()) {
      throw place.fault(at, "there must be a text but the list is empty; leave the field out");
    }
    return new TextList(texts);
  }

  boolean isEmpty() {
    return texts.isEmpty();
  }

  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    texts.forEach(text -> names.addAll(text.names()));
    return names;
  }

  /** A field to name in complaints about what the texts came to. */
  String field(String otherwise) {
    return names().stream().findFirst().orElse(otherwise);
  }

  /** A field to name in complaints about one of the texts. */
  String field(int text, String otherwise) {
    return texts.size() == 1
        ? field(otherwise)
        : texts.get(text).names().stream().findFirst().orElse(otherwise);
  }

  /** The texts with a row's values, none blank. */
  List<String> of(Row row, FieldText.Values values) {
    if (texts.size() == 1 && texts.get(0).isOneName()) {
      String name = field("");
      List<String> outside = values.given().get(name);
      if (outside != null || row.isList(name)) {
        List<String> list = outside != null ? outside : row.plains(name);
        if (list.isEmpty() || list.stream().anyMatch(String::isBlank)) {
          throw row.fault(
              name, Fault.EMPTY_TEXT, "a list must have texts, none empty, but was " + list);
        }
        return list;
      }
    }
    return texts.stream().map(text -> text.of(row, values)).toList();
  }
}
