package org.alignment4j.core.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.alignment4j.api.RunFolderException;
import org.jspecify.annotations.Nullable;

/** The first line: what kind of file this is and which configuration its entries belong to. */
final class JournalHeader {
  static final String FORMAT = "alignment4j-journal";
  static final int VERSION = 1;

  private static final String START = "{\"format\":\"" + FORMAT + "\",\"version\":";

  private JournalHeader() {}

  static byte[] write(Map<String, ?> configuration) {
    return (START + VERSION + ",\"configuration\":" + PlainJson.write(configuration) + "}")
        .getBytes(UTF_8);
  }

  /** Whether bytes without a line feed can be the start of a header whose writing was cut short. */
  static boolean mayBeTorn(byte[] text) {
    byte[] start = START.getBytes(UTF_8);
    for (int i = 0; i < Math.min(text.length, start.length); i++) {
      if (text[i] != start[i]) {
        return false;
      }
    }
    return true;
  }

  /** Checks that the first line begins a journal of this configuration. */
  static void check(String file, byte[] line, Map<String, ?> configuration) {
    Object header;
    try {
      header = PlainJson.read(new String(line, UTF_8), Journal.MAX_LINE_BYTES);
    } catch (IllegalArgumentException e) {
      throw notJournal(file, e);
    }
    if (!(header instanceof Map<?, ?> map) || !FORMAT.equals(map.get("format"))) {
      throw notJournal(file, null);
    }
    if (!(map.get("version") instanceof Long version) || version < 1) {
      throw notJournal(file, null);
    }
    if (version > VERSION) {
      throw new RunFolderException(
          file
              + " was written by a newer version: "
              + FORMAT
              + " version "
              + version
              + ", this program reads up to "
              + VERSION
              + "; update it or choose another file");
    }
    if (!(map.get("configuration") instanceof Map<?, ?> found)) {
      throw notJournal(file, null);
    }
    refuseAnother(file, "", found, configuration);
  }

  private static void refuseAnother(String file, String place, Map<?, ?> found, Map<?, ?> wanted) {
    Map<Object, Object> both = new LinkedHashMap<>(found);
    both.putAll(wanted);
    TreeSet<String> names = new TreeSet<>();
    both.keySet().forEach(name -> names.add(String.valueOf(name)));
    for (String name : names) {
      if (found.get(name) instanceof Map<?, ?> part
          && wanted.get(name) instanceof Map<?, ?> other) {
        refuseAnother(file, place + name + "/", part, other);
        continue;
      }
      String before = shown(found, name);
      String now = shown(wanted, name);
      if (!Objects.equals(before, now)) {
        throw new RunFolderException(
            "a journal goes on with the configuration that began it but '"
                + place
                + name
                + "' was "
                + before
                + " and is now "
                + now
                + " ("
                + file
                + "); use the earlier value or choose another file");
      }
    }
  }

  private static String shown(Map<?, ?> configuration, String name) {
    return configuration.containsKey(name)
        ? PlainJson.canonical(configuration.get(name))
        : "absent";
  }

  static RunFolderException notJournal(String file, @Nullable Throwable cause) {
    return new RunFolderException(
        "a journal must begin with a line of format '"
            + FORMAT
            + "' but "
            + file
            + " does not; choose another file",
        cause);
  }
}
