package org.alignment4j.eval;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.alignment4j.api.evaluation.Answer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.evaluation.SampleResult;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.record.RecordFile;
import org.alignment4j.eval.record.SampleRecord;

/** Where finished samples are kept and found again. Thread-safe. */
interface SampleStore extends AutoCloseable {

  /** What a run needs of a finished sample: its answer stays where it is kept. */
  record Finished(SampleResult result, Usage usage, Map<String, Usage> scoring, boolean failed) {
    static Finished of(SampleRecord sample) {
      return new Finished(sample.result(), sample.usage(), sample.scoring(), sample.failed());
    }
  }

  Optional<Finished> get(String sampleId);

  void put(SampleRecord sample);

  /** Keeps a generated answer before models are asked to score it. */
  void putAnswer(Sample sample, Answer answer);

  /** The answer that was kept before it was scored. */
  Optional<Answer> answer(String sampleId);

  @Override
  void close();

  /** Keeps results in memory and no answers. */
  static SampleStore inMemory() {
    Map<String, Finished> kept = new ConcurrentHashMap<>();
    return new SampleStore() {
      @Override
      public Optional<Finished> get(String sampleId) {
        return Optional.ofNullable(kept.get(sampleId));
      }

      @Override
      public void put(SampleRecord sample) {
        kept.put(sample.sampleId(), Finished.of(sample));
      }

      @Override
      public void putAnswer(Sample sample, Answer answer) {
        // What is in memory is lost with the process that would ask again.
      }

      @Override
      public Optional<Answer> answer(String sampleId) {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  /** Keeps everything in a file, which is closed with the store. */
  static SampleStore in(RecordFile file) {
    return new SampleStore() {
      @Override
      public Optional<Finished> get(String sampleId) {
        return file.get(sampleId).map(Finished::of);
      }

      @Override
      public void put(SampleRecord sample) {
        file.put(sample);
      }

      @Override
      public void putAnswer(Sample sample, Answer answer) {
        if (answer.choiceScores().isEmpty()) {
          file.putAnswer(sample.id(), answer);
        }
      }

      @Override
      public Optional<Answer> answer(String sampleId) {
        return file.answer(sampleId);
      }

      @Override
      public void close() {
        file.close();
      }
    };
  }
}
