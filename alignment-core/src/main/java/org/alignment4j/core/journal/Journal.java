package org.alignment4j.core.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.files.FileOwner;
import org.alignment4j.core.files.JsonLinesWriter;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only JSONL file of finished work, found again by content key.
 *
 * <p>The first line carries format, version and the configuration the entries belong to; each other
 * line is one entry with a checksum. A process may be killed at any byte: opening the file again
 * removes the line that was being written and nothing else. Damage anywhere before the last line
 * feed is an error that names the line; nothing is dropped in silence.
 *
 * <p>The heap holds an index of 80 to 160 bytes an entry; values are read back from the file when
 * asked for. One owner at a time has the file (a lock file {@code NAME.lock} lies beside it);
 * within it any number of threads read and append, interrupted ones too.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Journal implements AutoCloseable {
  /** The longest line, in bytes: 64 MiB. */
  public static final int MAX_LINE_BYTES = 64 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final int READ_BLOCK = 8192;

  private final Path path;
  private final DuplicatePolicy duplicates;
  private final SyncPolicy sync;
  private final FileOwner owner;
  private final JsonLinesWriter writer;
  private final RandomAccessFile reader;
  private final KeyIndex index;
  private final Object appending = new Object();
  private int unforced;
  private boolean closed;

  private Journal(
      Path path,
      DuplicatePolicy duplicates,
      SyncPolicy sync,
      FileOwner owner,
      JsonLinesWriter writer,
      RandomAccessFile reader,
      KeyIndex index) {
    this.path = path;
    this.duplicates = duplicates;
    this.sync = sync;
    this.owner = owner;
    this.writer = writer;
    this.reader = reader;
    this.index = index;
  }

  /**
   * Opens a journal that keeps the first value of a key and forces every entry to the disk.
   *
   * @param path the file; created with its parent folders when missing
   * @param configuration everything the entries depend on and their keys do not say, as plain
   *     values (see {@link PlainJson}); an existing file must have the same
   * @throws RunFolderException if the file has another owner, another configuration, another format
   *     or a newer version
   * @throws DataFormatException if a line is damaged; names the line
   * @throws AlignmentException if the disk fails
   */
  public static Journal open(Path path, Map<String, ?> configuration) {
    return open(path, configuration, DuplicatePolicy.KEEP_FIRST, SyncPolicy.EVERY_ENTRY);
  }

  /**
   * Opens a journal.
   *
   * @param path the file; created with its parent folders when missing
   * @param configuration everything the entries depend on and their keys do not say, as plain
   *     values (see {@link PlainJson}); an existing file must have the same
   * @param duplicates what becomes of a second value under one key
   * @param sync when entries are forced to the disk
   * @throws RunFolderException if the file has another owner, another configuration, another format
   *     or a newer version
   * @throws DataFormatException if a line is damaged, or doubled under {@link
   *     DuplicatePolicy#REFUSE}; names the line
   * @throws AlignmentException if the disk fails
   */
  public static Journal open(
      Path path, Map<String, ?> configuration, DuplicatePolicy duplicates, SyncPolicy sync) {
    byte[] header = JournalHeader.write(configuration);
    FileOwner owner = FileOwner.of(path);
    JsonLinesWriter writer = null;
    try {
      KeyIndex index = new KeyIndex();
      boolean begun = Files.exists(path) && scan(path, configuration, duplicates, index);
      writer = JsonLinesWriter.open(path);
      if (writer.repairedBytes() > 0) {
        LOG.debug(
            "removed {} bytes of an entry that was cut short at the end of {}",
            writer.repairedBytes(),
            path);
      }
      if (!begun) {
        writer.appendLine(header);
        writer.force();
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null) {
          AtomicFiles.forceFolder(folder);
        }
      }
      RandomAccessFile reader = new RandomAccessFile(path.toFile(), "r");
      return new Journal(path, duplicates, sync, owner, writer, reader, index);
    } catch (IOException e) {
      release(writer, owner);
      throw failed("open", path, e);
    } catch (RuntimeException | Error e) {
      release(writer, owner);
      throw e;
    }
  }

  private static void release(@Nullable JsonLinesWriter writer, FileOwner owner) {
    try (owner) {
      if (writer != null) {
        writer.close();
      }
    }
  }

  /** Checks every line and fills the index; false when not even the header is whole. */
  private static boolean scan(
      Path path, Map<String, ?> configuration, DuplicatePolicy duplicates, KeyIndex index)
      throws IOException {
    try (JournalReader lines = new JournalReader(path)) {
      if (!lines.advance()) {
        if (!JournalHeader.mayBeTorn(lines.copy())) {
          throw JournalHeader.notJournal(path.toString(), null);
        }
        return false;
      }
      JournalHeader.check(path.toString(), lines.copy(), configuration);
      while (lines.advance()) {
        ContentHash key =
            JournalLine.key(path.toString(), lines.number(), lines.line(), lines.length());
        boolean doubled = index.get(key) != KeyIndex.ABSENT;
        if (doubled && duplicates == DuplicatePolicy.REFUSE) {
          throw new DataFormatException(
              path.toString(),
              lines.number(),
              "key",
              "a key must occur once but " + key.hex() + " occurs again; remove one of the lines");
        }
        if (!doubled || duplicates == DuplicatePolicy.REPLACE) {
          index.put(key, lines.start());
        }
      }
      return true;
    }
  }

  /** Where the journal lies. */
  public Path path() {
    return path;
  }

  /** How many keys have a value. */
  public int size() {
    synchronized (appending) {
      return index.size();
    }
  }

  /** Bytes of a torn last line that opening removed; 0 when the file was whole. */
  public long repairedBytes() {
    return writer.repairedBytes();
  }

  /** Whether the key has a value. */
  public boolean contains(ContentHash key) {
    synchronized (appending) {
      return index.get(key) != KeyIndex.ABSENT;
    }
  }

  /**
   * Reads the value of a key from the file.
   *
   * @return the value as plain values, or empty when the key has none
   * @throws DataFormatException if the file was changed or damaged since it was opened
   * @throws AlignmentException if the disk fails or the journal is closed
   */
  public Optional<Map<String, @Nullable Object>> get(ContentHash key) {
    long position;
    synchronized (appending) {
      position = index.get(key);
    }
    if (position == KeyIndex.ABSENT) {
      return Optional.empty();
    }
    byte[] line;
    try {
      line = readLine(position);
    } catch (IOException e) {
      throw failed("read", path, e);
    }
    try {
      ContentHash found = JournalLine.key(path.toString(), 0, line, line.length);
      if (!found.equals(key)) {
        throw new DataFormatException(
            path.toString(),
            0,
            "key",
            "an entry must stay where it was but another took its place");
      }
      return Optional.of(JournalLine.value(path.toString(), 0, line));
    } catch (DataFormatException e) {
      throw new DataFormatException(
          path.toString(), lineAt(position), e.field().orElse(null), e.problem(), e);
    }
  }

  /**
   * Appends an entry and, as the sync policy says, waits for the disk.
   *
   * @param key what it is filed under, such as {@link PlainJson#key} of the question
   * @param value plain values (see {@link PlainJson})
   * @return whether it was appended; false when {@link DuplicatePolicy#KEEP_FIRST} kept another
   * @throws IllegalArgumentException if the value has no JSON form or is longer than {@link
   *     #MAX_LINE_BYTES}
   * @throws IllegalStateException if the key has a value and {@link DuplicatePolicy#REFUSE} holds
   * @throws AlignmentException if the disk fails or the journal is closed; the file then ends with
   *     the last whole entry
   */
  public boolean put(ContentHash key, Map<String, ?> value) {
    byte[] line = JournalLine.write(key, PlainJson.write(value));
    if (line.length > MAX_LINE_BYTES) {
      throw new IllegalArgumentException(
          "an entry must have at most "
              + MAX_LINE_BYTES
              + " bytes but "
              + key.hex()
              + " has "
              + line.length);
    }
    boolean force;
    boolean kept = true;
    synchronized (appending) {
      if (index.get(key) != KeyIndex.ABSENT && duplicates != DuplicatePolicy.REPLACE) {
        if (duplicates == DuplicatePolicy.REFUSE) {
          throw new IllegalStateException(
              "a key must be given once but " + key.hex() + " has a value in " + path);
        }
        // The value that stays may be another thread's, which has yet to force it.
        kept = false;
        force = sync.entries() == 1;
      } else {
        index.put(key, writer.appendLine(line));
        unforced++;
        force = sync.entries() > 0 && unforced >= sync.entries();
        if (force) {
          unforced = 0;
        }
      }
    }
    if (force) {
      writer.force();
    }
    return kept;
  }

  /**
   * Hands over every entry in the order of the file, one in memory at a time; values that were
   * replaced are left out. Entries appended meanwhile may be missing.
   *
   * @throws DataFormatException if a line is damaged; names the line
   * @throws AlignmentException if the disk fails
   */
  public void forEach(Consumer<JournalEntry> action) {
    try (JournalReader lines = new JournalReader(path)) {
      lines.advance();
      while (lines.advance()) {
        ContentHash key =
            JournalLine.key(path.toString(), lines.number(), lines.line(), lines.length());
        if (isCurrent(key, lines.start())) {
          action.accept(
              new JournalEntry(
                  key, JournalLine.value(path.toString(), lines.number(), lines.copy())));
        }
      }
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  private boolean isCurrent(ContentHash key, long position) {
    synchronized (appending) {
      return index.get(key) == position;
    }
  }

  /**
   * Forces all entries to the disk.
   *
   * @throws AlignmentException if the disk fails
   */
  public void force() {
    writer.force();
  }

  /** Forces all entries to the disk and gives the file free; closing twice is allowed. */
  @Override
  public void close() {
    synchronized (appending) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try (owner;
        writer) {
      synchronized (reader) {
        reader.close();
      }
    } catch (IOException e) {
      throw failed("close", path, e);
    }
  }

  private byte[] readLine(long position) throws IOException {
    byte[] line = new byte[READ_BLOCK];
    int length = 0;
    synchronized (reader) {
      reader.seek(position);
      while (true) {
        int read = reader.read(line, length, line.length - length);
        if (read < 0) {
          return Arrays.copyOf(line, length);
        }
        for (int i = length; i < length + read; i++) {
          if (line[i] == '\n') {
            return Arrays.copyOf(line, i);
          }
        }
        length += read;
        if (length > MAX_LINE_BYTES) {
          return line;
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, (int) Math.min(MAX_LINE_BYTES + 1L, 2L * length));
        }
      }
    }
  }

  private long lineAt(long position) {
    try (JournalReader lines = new JournalReader(path)) {
      long number = 0;
      while (lines.advance()) {
        number = lines.number();
        if (lines.start() >= position) {
          break;
        }
      }
      return number;
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  private static AlignmentException failed(String what, Path path, IOException e) {
    return new AlignmentException("cannot " + what + " " + path + ": " + e, e);
  }
}
