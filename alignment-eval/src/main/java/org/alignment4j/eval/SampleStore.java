package org.alignment4j.eval;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
      public void close() {
        file.close();
      }
    };
  }
}
