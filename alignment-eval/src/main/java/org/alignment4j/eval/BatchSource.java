package org.alignment4j.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a run, in order. Batches are cut from all samples before the finished ones are
 * left out, so that a run that goes on makes the batches of one that was never stopped. Not
 * thread-safe.
 */
final class BatchSource implements Iterator<Batch> {
  private final Iterator<Sample> samples;
  private final int size;
  private final SampleStore store;
  private final Consumer<SampleStore.Finished> known;
  private final Map<Long, Batch> open = new HashMap<>();
  private @Nullable Batch next;
  private long given;
  private boolean stopped;

  /**
   * Starts at the first sample.
   *
   * @param known told of the samples of batches that were finished before; those of a batch that
   *     has others left are the batch's to tell, since what they cost is part of its cost
   */
  BatchSource(
      Iterator<Sample> samples, int size, SampleStore store, Consumer<SampleStore.Finished> known) {
    this.samples = samples;
    this.size = size;
    this.store = store;
    this.known = known;
  }

  /** Gives no more batches. */
  void stop() {
    stopped = true;
    next = null;
  }

  @Override
  public boolean hasNext() {
    while (next == null && !stopped && samples.hasNext()) {
      List<Sample> batch = new ArrayList<>();
      Map<String, Map<String, Usage>> scored = new HashMap<>();
      List<SampleStore.Finished> before = new ArrayList<>();
      for (int i = 0; i < size && samples.hasNext(); i++) {
        Sample sample = samples.next();
        Optional<SampleStore.Finished> finished = store.get(sample.id());
        if (finished.isPresent() && !finished.get().failed()) {
          before.add(finished.get());
        } else {
          batch.add(sample);
          finished.ifPresent(failed -> scored.put(sample.id(), failed.scoring()));
        }
      }
      if (batch.isEmpty()) {
        before.forEach(known);
      } else {
        next = resumed(new Batch(batch, before), batch, scored);
      }
    }
    return next != null;
  }

  private Batch resumed(Batch made, List<Sample> samples, Map<String, Map<String, Usage>> scored) {
    for (Sample sample : samples) {
      store
          .answer(sample.id())
          .ifPresent(
              answer -> made.resumed(sample, answer, scored.getOrDefault(sample.id(), Map.of())));
    }
    return made;
  }

  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException("there are no more batches");
    }
    Batch batch = Objects.requireNonNull(next);
    next = null;
    open.put(given++, batch);
    return batch;
  }

  /** Takes back the batch of a number, counted from 0. */
  Batch close(long index) {
    return Objects.requireNonNull(open.remove(index), "batch " + index);
  }
}
