package org.alignment4j.eval.record;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.DuplicatePolicy;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.SyncPolicy;
import org.apiguardian.api.API;

/**
 * The append-only file of one model's run of one benchmark: a first line that says what was run,
 * and a line for each finished sample. A sample that failed and is tried again gets a second line,
 * which counts. The end of the process at any moment loses no line but the one being written; the
 * heap holds an index of about a hundred bytes a sample. Thread-safe; one process at a time has the
 * file.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RecordFile implements AutoCloseable {
  /** Of a power cut, which loses what is not forced, so many samples have to be run again. */
  private static final SyncPolicy SYNC = new SyncPolicy(32);

  private static final SampleRecordCodec CODEC = new SampleRecordCodec();

  private final Journal journal;

  private RecordFile(Journal journal) {
    this.journal = journal;
  }

  /**
   * Opens the file of a run.
   *
   * @param folder where runs are kept; created when missing
   * @param key what is run; its {@linkplain RunKey#fileName name} is the file's
   * @throws org.alignment4j.api.RunFolderException if the file has another owner, holds another run
   *     or a newer version wrote it
   * @throws DataFormatException if a line is damaged; names the line
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public static RecordFile open(Path folder, RunKey key) {
    return new RecordFile(
        Journal.open(
            folder.resolve(key.fileName()), key.configuration(), DuplicatePolicy.REPLACE, SYNC));
  }

  /** Where the file lies. */
  public Path path() {
    return journal.path();
  }

  /**
   * Reads what is kept of a sample.
   *
   * @return the record, or empty when the sample was not finished
   * @throws DataFormatException if the file was changed or damaged since it was opened
   * @throws org.alignment4j.api.AlignmentException if the disk fails or the file is closed
   */
  public Optional<SampleRecord> get(String sampleId) {
    return journal.get(key(sampleId)).map(CODEC::decode);
  }

  /**
   * Appends a finished sample.
   *
   * @throws org.alignment4j.api.AlignmentException if the disk fails or the file is closed
   */
  public void put(SampleRecord sample) {
    journal.put(key(sample.sampleId()), CODEC.encode(sample));
  }

  /**
   * Hands over the records in the order of the file, one in memory at a time; of a sample that was
   * tried again only the last.
   *
   * @throws DataFormatException if a line is damaged; names the line
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public void forEach(Consumer<SampleRecord> action) {
    journal.forEach(entry -> action.accept(CODEC.decode(entry.value())));
  }

  private static ContentHash key(String sampleId) {
    return PlainJson.key(Map.of("sample", sampleId));
  }

  @Override
  public void close() {
    journal.close();
  }
}
