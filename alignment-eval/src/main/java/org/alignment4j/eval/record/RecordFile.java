package org.alignment4j.eval.record;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.DuplicatePolicy;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.alignment4j.core.journal.SyncPolicy;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The append-only file of one model's run of one benchmark: a first line that says what was run,
 * and a line for each finished sample. A sample that failed and is tried again gets a second line,
 * which counts. Where scoring asks models, a generated answer has a line of its own before it is
 * scored, so that the end of the process while a judge is asked does not lose it. The end of the
 * process at any moment loses no line but the one being written; the heap holds an index of about a
 * hundred bytes a sample. Thread-safe; one process at a time has the file.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class RecordFile implements AutoCloseable {
  /** Of a power cut, which loses what is not forced, so many samples have to be run again. */
  private static final SyncPolicy SYNC = new SyncPolicy(32);

  private static final SampleRecordCodec CODEC = new SampleRecordCodec();
  private static final AnswerCodec ANSWERS = new AnswerCodec();
  private static final String ANSWER_OF = "answer_of";

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
   * Appends a generated answer that is yet to be scored.
   *
   * @throws IllegalArgumentException if the answer has likelihoods, which are not kept as a whole
   * @throws org.alignment4j.api.AlignmentException if the disk fails or the file is closed
   */
  public void putAnswer(String sampleId, Answer answer) {
    if (!answer.choiceScores().isEmpty()) {
      throw new IllegalArgumentException(
          "an answer must be generated to be kept before it is scored but that to '"
              + sampleId
              + "' has likelihoods");
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(ANSWER_OF, sampleId);
    fields.putAll(ANSWERS.encode(answer));
    journal.put(answerKey(sampleId), fields);
  }

  /**
   * Reads the generated answer that was kept before it was scored.
   *
   * @return the answer, or empty when none was kept
   * @throws DataFormatException if the file was changed or damaged since it was opened
   * @throws org.alignment4j.api.AlignmentException if the disk fails or the file is closed
   */
  public Optional<Answer> answer(String sampleId) {
    return journal.get(answerKey(sampleId)).map(ANSWERS::decode);
  }

  /**
   * Hands over the records in the order of the file, one in memory at a time; of a sample that was
   * tried again only the last.
   *
   * @throws DataFormatException if a line is damaged; names the line
   * @throws org.alignment4j.api.AlignmentException if the disk fails
   */
  public void forEach(Consumer<SampleRecord> action) {
    journal.forEach(
        entry -> {
          if (!entry.value().containsKey(ANSWER_OF)) {
            action.accept(CODEC.decode(entry.value()));
          }
        });
  }

  private static ContentHash key(String sampleId) {
    return PlainJson.key(Map.of("sample", sampleId));
  }

  private static ContentHash answerKey(String sampleId) {
    return PlainJson.key(Map.of(ANSWER_OF, sampleId));
  }

  @Override
  public void close() {
    journal.close();
  }
}
