package org.alignment4j.core.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One row of a data file, or an object nested in one: named values that know where they stand, so
 * that every complaint names file, line and field. Immutable.
 *
 * <p>Names are those of the format; {@link ReadOptions#withField} maps them to the file's.
 *
 * <p>The cells of CSV and TSV files are strings and are parsed by {@link #number}, {@link #integer}
 * and {@link #bool}, blanks around them aside. Numbers are spelt as in JSON (RFC 8259, section 6),
 * so that they mean the same in every format: {@code -0.5}, {@code 1e3}, but not {@code +1}, {@code
 * .5}, {@code 1.}, {@code 007}, {@code 1,5}, {@code NaN} or {@code Infinity}. A cell with nothing
 * but blanks is missing: {@link #has} says no, an optional value is empty, and to require a number
 * or a truth value of it is a fault; only {@link #string} returns the cell as it is.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Row {

  private final RowPlace place;
  private final Map<String, @Nullable Object> values;

  /** Whether the values are cells, of which one without content stands for none. */
  private final boolean cells;

  Row(String file, long line, Map<String, @Nullable Object> values, ReadOptions options) {
    this(RowPlace.of(file, line, options), values, false);
  }

  private Row(RowPlace place, Map<String, @Nullable Object> values, boolean cells) {
    this.place = place;
    this.values = values;
    this.cells = cells;
  }

  /** A file that is one object, with the line of each of its fields. */
  static Row ofDocument(
      String file, long line, Map<String, @Nullable Object> values, Map<String, Long> lines) {
    RowPlace place = new RowPlace(file, line, null, "", ReadOptions.strict(), lines);
    return new Row(place, values, false);
  }

  /** A row of a table. */
  static Row ofCells(
      String file, long line, Map<String, @Nullable Object> values, ReadOptions options) {
    return new Row(RowPlace.of(file, line, options), values, true);
  }

  /** The file as the user named it. */
  public String file() {
    return place.file();
  }

  /** The line the row starts on, counted from 1. */
  public long line() {
    return place.line();
  }

  /** The names in the file, in their order. */
  public Set<String> namesInFile() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Whether the field is there and not null and, in a table, its cell has more than blanks. */
  public boolean has(String name) {
    Object value = value(name);
    return value != null && !isEmptyCell(value);
  }

  /** Whether the field is there and not null, if only as an empty cell: what tells the form. */
  boolean holds(String name) {
    return value(name) != null;
  }

  private boolean isEmptyCell(Object value) {
    return cells && value instanceof String cell && cell.isBlank();
  }

  /** Whether the field is there, if only as null. */
  boolean states(String name) {
    return DottedNames.isIn(values, place.nameInFile(name));
  }

  /** Whether the field is a list. */
  public boolean isList(String name) {
    return value(name) instanceof List;
  }

  /** Whether the field is a list that starts with an object. */
  boolean isListOfObjects(String name) {
    return value(name) instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof Map;
  }

  /** Whether the field is an object. */
  boolean isObject(String name) {
    return value(name) instanceof Map;
  }

  /** Whether the row has no field but {@code text}. */
  boolean isOnlyText() {
    return values.size() == 1 && isString(JsonValues.TEXT);
  }

  /** Whether the field is a string. */
  public boolean isString(String name) {
    return value(name) instanceof String;
  }

  /**
   * Returns a required string; it may be empty.
   *
   * @throws DataFormatException if it is missing, null or not a string
   */
  public String string(String name) {
    Object value = required(name);
    if (value instanceof String text) {
      return text;
    }
    throw wrongType(name, "a string", value);
  }

  /**
   * Returns a required string that is not blank.
   *
   * @throws DataFormatException if it is missing, not a string or blank
   */
  public String text(String name) {
    String text = string(name);
    if (text.isBlank()) {
      throw fault(name, Fault.EMPTY_TEXT, "text must not be empty");
    }
    return text;
  }

  /**
   * Returns a string that may be missing, null or an empty cell.
   *
   * @throws DataFormatException if it is there but not a string
   */
  public Optional<String> optionalString(String name) {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  /**
   * Returns a required text, number or truth value as text; it may be empty.
   *
   * @throws DataFormatException if it is missing, null, a list or an object
   */
  public String plain(String name) {
    Object value = required(name);
    if (value instanceof List || value instanceof Map) {
      throw wrongType(name, "a text, a number or a truth value", value);
    }
    return value.toString();
  }

  /**
   * Returns a required list of texts, numbers or truth values as texts; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is null, a list or an
   *     object
   */
  public List<String> plains(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name)) {
      if (element == null || element instanceof List || element instanceof Map) {
        throw wrongElement(name, texts.size(), "a text, a number or a truth value", element);
      }
      texts.add(element.toString());
    }
    return List.copyOf(texts);
  }

  /**
   * Returns a required finite number.
   *
   * @throws DataFormatException if it is missing, not a number or not finite
   */
  public double number(String name) {
    Object value = requiredScalar(name);
    return Scalars.number(value).orElseThrow(() -> wrongType(name, "a finite number", value));
  }

  /**
   * Returns a finite number that may be missing, null or an empty cell.
   *
   * @throws DataFormatException if it is there but not a finite number
   */
  public OptionalDouble optionalNumber(String name) {
    return has(name) ? OptionalDouble.of(number(name)) : OptionalDouble.empty();
  }

  /**
   * Returns a required whole number.
   *
   * @throws DataFormatException if it is missing or not a whole number of 64 bits
   */
  public long integer(String name) {
    Object value = requiredScalar(name);
    return Scalars.integer(value).orElseThrow(() -> wrongType(name, "a whole number", value));
  }

  /**
   * Returns a required truth value: true or false, 1 or 0, or a string of these in any case.
   *
   * @throws DataFormatException if it is missing or something else
   */
  public boolean bool(String name) {
    Object value = requiredScalar(name);
    return Scalars.truth(value).orElseThrow(() -> wrongType(name, "true or false", value));
  }

  /**
   * Returns a required nested object.
   *
   * @throws DataFormatException if it is missing or not an object
   */
  public Row object(String name) {
    return asRow(name, place.of(name), required(name));
  }

  /**
   * Returns a required list of objects; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is not an object
   */
  public List<Row> objects(String name) {
    List<Row> rows = new ArrayList<>();
    for (Object element : list(name)) {
      rows.add(asRow(name, place.of(name, rows.size()), element));
    }
    return List.copyOf(rows);
  }

  /**
   * Returns a required list of strings; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is not a string
   */
  public List<String> strings(String name) {
    List<String> texts = new ArrayList<>();
    for (Object element : list(name)) {
      if (!(element instanceof String text)) {
        throw wrongElement(name, texts.size(), "a string", element);
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /**
   * Returns a required list of strings of which none is blank; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is blank or no string
   */
  List<String> texts(String name) {
    List<String> texts = strings(name);
    for (int i = 0; i < texts.size(); i++) {
      if (texts.get(i).isBlank()) {
        throw elementFault(name, i, Fault.EMPTY_TEXT, "text must not be empty");
      }
    }
    return texts;
  }

  /**
   * Returns a required list of finite numbers; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is not a finite number
   */
  public double[] numbers(String name) {
    List<?> list = list(name);
    double[] numbers = new double[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      Object element = list.get(i);
      if (element == null) {
        throw elementFault(name, i, Fault.MISSING_FIELD, "a number is required but is null");
      }
      int index = i;
      numbers[i] =
          Scalars.number(element)
              .orElseThrow(() -> wrongElement(name, index, "a finite number", element));
    }
    return numbers;
  }

  /**
   * Returns a required list of truth values or of numbers in [0, 1], null being unknown.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is anything else
   */
  List<OptionalDouble> shares(String name) {
    List<OptionalDouble> shares = new ArrayList<>();
    for (Object element : list(name)) {
      OptionalDouble share = Scalars.share(element);
      if (share.isEmpty() && element != null) {
        throw wrongElement(name, shares.size(), "true, false, null or from 0 to 1", element);
      }
      shares.add(share);
    }
    return List.copyOf(shares);
  }

  /**
   * Returns a complaint about a field, for loaders to throw: tolerant reading leaves the row out.
   *
   * @param name the field by the format's name
   * @param problem rule, offending value and remedy, without the place
   */
  public DataFormatException fault(String name, String problem) {
    return fault(name, Fault.INVALID, problem);
  }

  /**
   * Returns a complaint of a certain kind about a field, for loaders to throw.
   *
   * @param name the field by the format's name
   * @param fault the kind, by which tolerant reading counts
   * @param problem rule, offending value and remedy, without the place
   */
  public DataFormatException fault(String name, Fault fault, String problem) {
    return place.of(name).fault(fault, problem);
  }

  /** A complaint about one element of a list. */
  DataFormatException elementFault(String name, int index, Fault fault, String problem) {
    return place.of(name, index).fault(fault, problem);
  }

  /** Returns a complaint about the whole row, for loaders to throw. */
  public DataFormatException fault(Fault fault, String problem) {
    return place.fault(fault, problem);
  }

  private List<?> list(String name) {
    Object value = required(name);
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrongType(name, "a list", value);
  }

  @SuppressWarnings("unchecked") // JsonValues builds every map with string keys
  private Row asRow(String name, RowPlace nested, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Row(nested, (Map<String, @Nullable Object>) map, false);
    }
    throw wrongType(name, "an object", value);
  }

  private Object required(String name) {
    Object value = value(name);
    if (value == null) {
      throw fault(
          name,
          Fault.MISSING_FIELD,
          "field is required but is "
              + (states(name) ? "null" : "missing")
              + "; the row has "
              + RowException.shown(values.keySet()));
    }
    return value;
  }

  private Object requiredScalar(String name) {
    Object value = required(name);
    if (isEmptyCell(value)) {
      throw fault(name, Fault.MISSING_FIELD, "field is required but its cell is empty; fill it in");
    }
    return value;
  }

  private @Nullable Object value(String name) {
    return DottedNames.get(values, place.nameInFile(name));
  }

  private DataFormatException wrongElement(
      String name, int index, String expected, @Nullable Object value) {
    return place.of(name, index).wrongType(expected, value);
  }

  private DataFormatException wrongType(String name, String expected, @Nullable Object value) {
    return place.of(name).wrongType(expected, value);
  }
}
