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
 * <p>Names are those of the format; {@link ReadOptions#fieldNames()} maps them to the file's. The
 * cells of CSV files are strings and are parsed by {@link #number}, {@link #integer} and {@link
 * #bool}.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Row {

  private final String file;
  private final long line;
  private final String path;
  private final Map<String, @Nullable Object> values;
  private final ReadOptions options;

  Row(
      String file,
      long line,
      String path,
      Map<String, @Nullable Object> values,
      ReadOptions options) {
    this.file = file;
    this.line = line;
    this.path = path;
    this.values = values;
    this.options = options;
  }

  /** The file as the user named it. */
  public String file() {
    return file;
  }

  /** The line the row starts on, counted from 1. */
  public long line() {
    return line;
  }

  /** The names in the file, in their order. */
  public Set<String> namesInFile() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** Whether the field is there and not null. */
  public boolean has(String name) {
    return value(name) != null;
  }

  /** Whether the field is a list. */
  public boolean isList(String name) {
    return value(name) instanceof List;
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
   * Returns a string that may be missing or null.
   *
   * @throws DataFormatException if it is there but not a string
   */
  public Optional<String> optionalString(String name) {
    return has(name) ? Optional.of(string(name)) : Optional.empty();
  }

  /**
   * Returns a required finite number.
   *
   * @throws DataFormatException if it is missing, not a number or not finite
   */
  public double number(String name) {
    return asNumber(name, required(name));
  }

  /**
   * Returns a finite number that may be missing or null.
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
    Object value = required(name);
    if (value instanceof Long whole) {
      return whole;
    }
    if (value instanceof String text) {
      try {
        return Long.parseLong(text.strip());
      } catch (NumberFormatException e) {
        throw wrongType(name, "a whole number", value);
      }
    }
    throw wrongType(name, "a whole number", value);
  }

  /**
   * Returns a required truth value; CSV cells may be true or false in any case, 1 or 0.
   *
   * @throws DataFormatException if it is missing or something else
   */
  public boolean bool(String name) {
    Object value = required(name);
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof String text) {
      String cell = text.strip();
      if (cell.equalsIgnoreCase("true") || cell.equals("1")) {
        return true;
      }
      if (cell.equalsIgnoreCase("false") || cell.equals("0")) {
        return false;
      }
    }
    throw wrongType(name, "true or false", value);
  }

  /**
   * Returns a required nested object.
   *
   * @throws DataFormatException if it is missing or not an object
   */
  public Row object(String name) {
    return asRow(name, place(name), required(name));
  }

  /**
   * Returns a required list of objects; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is not an object
   */
  public List<Row> objects(String name) {
    List<Row> rows = new ArrayList<>();
    for (Object element : list(name)) {
      rows.add(asRow(name, place(name) + "[" + rows.size() + "]", element));
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
        throw wrongType(name, "a list of strings", element);
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /**
   * Returns a required list of finite numbers; it may be empty.
   *
   * @throws DataFormatException if it is missing, not a list, or an element is not a finite number
   */
  public double[] numbers(String name) {
    return list(name).stream().mapToDouble(element -> asNumber(name, element)).toArray();
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
    return new RowException(file, line, place(name), fault, problem);
  }

  /** Returns a complaint about the whole row, for loaders to throw. */
  public DataFormatException fault(Fault fault, String problem) {
    return new RowException(file, line, path.isEmpty() ? null : path, fault, problem);
  }

  private List<?> list(String name) {
    Object value = required(name);
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrongType(name, "a list", value);
  }

  private double asNumber(String name, @Nullable Object value) {
    double number;
    if (value instanceof Number n) {
      number = n.doubleValue();
    } else if (value instanceof String text) {
      try {
        number = Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        throw wrongType(name, "a number", value);
      }
    } else {
      throw wrongType(name, "a number", value);
    }
    if (!Double.isFinite(number)) {
      throw wrongType(name, "a finite number", value);
    }
    return number;
  }

  @SuppressWarnings("unchecked") // JsonValues builds every map with string keys
  private Row asRow(String name, String place, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Row(file, line, place, (Map<String, @Nullable Object>) map, options);
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
              + (values.containsKey(nameInFile(name)) ? "null" : "missing")
              + "; the row has "
              + values.keySet());
    }
    return value;
  }

  private @Nullable Object value(String name) {
    return values.get(nameInFile(name));
  }

  private String nameInFile(String name) {
    return path.isEmpty() ? options.fieldInFile(name) : name;
  }

  private String place(String name) {
    return path.isEmpty() ? nameInFile(name) : path + "." + name;
  }

  private DataFormatException wrongType(String name, String expected, @Nullable Object value) {
    return fault(
        name,
        Fault.WRONG_TYPE,
        "value must be " + expected + " but was " + RowException.shown(String.valueOf(value)));
  }
}
