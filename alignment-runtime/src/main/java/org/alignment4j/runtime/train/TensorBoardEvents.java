package org.alignment4j.runtime.train;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.core.files.UninterruptibleFile;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Writes metrics as scalars that TensorBoard shows: {@code events.out.tfevents.SECONDS.alignment4j}
 * in a folder, a file for each process of a run. The file is a sequence of TFRecords (length and
 * data, each with a masked CRC-32C) of {@code tensorflow.Event} messages; the first names the
 * format's version, {@code brain.Event:2}. A resumed run begins with the start of a session at its
 * first step, which tells readers to forget what an earlier process reported from there on.
 *
 * <p>Files are appended to only, and forced to the disk when the run ends; a record torn by a crash
 * ends what readers read of its file. For one run at a time; not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TensorBoardEvents implements MetricsListener {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int MOST_FILES_A_SECOND = 1000;
  private static final double MILLIS = 1e3;

  // Fields of tensorflow.Event, SessionLog, Summary and Summary.Value.
  private static final int WALL_TIME = 1;
  private static final int STEP = 2;
  private static final int FILE_VERSION = 3;
  private static final int SUMMARY = 5;
  private static final int SESSION_LOG = 7;
  private static final int STATUS = 1;
  private static final int STATUS_START = 1;
  private static final int VALUE = 1;
  private static final int TAG = 1;
  private static final int SIMPLE_VALUE = 2;

  private final Path folder;
  private final Clock clock;
  private @Nullable UninterruptibleFile file;
  private @Nullable Path path;

  private TensorBoardEvents(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Returns a writer that makes its file when a run starts.
   *
   * @param folder where files go, such as {@code tensorboard} in the run's folder; created when
   *     absent
   * @param clock the time of events
   * @return the listener
   */
  public static TensorBoardEvents in(Path folder, Clock clock) {
    return new TensorBoardEvents(folder, clock);
  }

  /**
   * Creates the file.
   *
   * @throws RunFolderException when the disk fails
   */
  @Override
  public void started(String task, long step) {
    ended();
    try {
      Files.createDirectories(folder);
      create();
    } catch (IOException e) {
      throw failure(folder, e);
    }
    write(event().string(FILE_VERSION, VERSION));
    if (step > 0) {
      ProtobufMessage start = new ProtobufMessage().int64(STATUS, STATUS_START);
      write(event().int64(STEP, step + 1).message(SESSION_LOG, start));
    }
  }

  private void create() throws IOException {
    for (int i = 0; i < MOST_FILES_A_SECOND; i++) {
      String name =
          String.format(
              Locale.ROOT,
              "events.out.tfevents.%010d.alignment4j%s",
              clock.instant().getEpochSecond(),
              i == 0 ? "" : "." + i);
      Path candidate = folder.resolve(name);
      try {
        file =
            UninterruptibleFile.open(
                candidate, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        path = candidate;
        return;
      } catch (FileAlreadyExistsException e) {
        // A run that started in the same second has it.
      }
    }
    throw new IOException("too many event files of one second");
  }

  /**
   * Appends a scalar for each metric.
   *
   * @throws RunFolderException when the disk fails
   * @throws IllegalStateException before a run has started
   */
  @Override
  public void updated(Metrics metrics) {
    ProtobufMessage summary = new ProtobufMessage();
    for (Map.Entry<String, Double> metric : metrics.values().entrySet()) {
      summary.message(
          VALUE,
          new ProtobufMessage()
              .string(TAG, metric.getKey())
              .float32(SIMPLE_VALUE, metric.getValue().floatValue()));
    }
    write(event().int64(STEP, metrics.step()).message(SUMMARY, summary));
  }

  private ProtobufMessage event() {
    return new ProtobufMessage().float64(WALL_TIME, clock.millis() / MILLIS);
  }

  private void write(ProtobufMessage event) {
    UninterruptibleFile target = file;
    if (target == null) {
      throw new IllegalStateException("events must be written while a run is on");
    }
    try {
      target.write(record(event.toByteArray()));
    } catch (IOException e) {
      throw failure(path == null ? folder : path, e);
    }
  }

  private static ByteBuffer record(byte[] data) {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + data.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedChecksum(record.array(), Long.BYTES));
    record.put(data);
    return record.putInt(maskedChecksum(data, data.length)).flip();
  }

  /** The CRC-32C turned and shifted, as TFRecords keep it. */
  private static int maskedChecksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }

  /**
   * Forces the file to the disk and closes it; without one, does nothing.
   *
   * @throws RunFolderException when the disk fails
   */
  @Override
  public void ended() {
    UninterruptibleFile target = file;
    file = null;
    if (target != null) {
      try (target) {
        target.force(true);
      } catch (IOException e) {
        throw failure(path == null ? folder : path, e);
      }
    }
  }

  private static RunFolderException failure(Path where, IOException e) {
    return new RunFolderException(
        "could not write events to "
            + where
            + ": "
            + e.getMessage()
            + "; free disk space or train without TensorBoard",
        e);
  }
}
