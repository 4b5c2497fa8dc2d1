package org.alignment4j.runtime.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.alignment4j.runtime.train.FlatLayout.Slot;

/** The parts of flat buffers whose weights decay, neighbours merged. */
final class DecaySpans {
  private record Span(int from, int to) {}

  private final List<List<Span>> spans = new ArrayList<>();

  DecaySpans(FlatLayout layout, Predicate<Slot> decays) {
    for (int i = 0; i < layout.buffers(); i++) {
      spans.add(new ArrayList<>());
    }
    for (Slot slot : layout.slots()) {
      if (decays.test(slot)) {
        add(spans.get(slot.buffer()), slot);
      }
    }
  }

  private static void add(List<Span> spans, Slot slot) {
    int to = slot.offset() + slot.size();
    int last = spans.size() - 1;
    // Between two neighbours lies less than one alignment of padding, which is zero.
    if (last >= 0 && slot.offset() - spans.get(last).to() < FlatLayout.ALIGNMENT) {
      spans.set(last, new Span(spans.get(last).from(), to));
    } else {
      spans.add(new Span(slot.offset(), to));
    }
  }

  /** Multiplies the decaying ones among {@code p}, which holds a buffer's floats from start on. */
  void decay(int buffer, int start, float[] p, int length, float factor) {
    if (factor == 1) {
      return;
    }
    for (Span span : spans.get(buffer)) {
      int from = Math.max(span.from() - start, 0);
      int to = Math.min(span.to() - start, length);
      for (int i = from; i < to; i++) {
        p[i] *= factor;
      }
    }
  }

  /** Adds {@code factor·p} to {@code g} where weights decay; both hold floats from start on. */
  void penalise(int buffer, int start, float[] p, float[] g, int length, float factor) {
    if (factor == 0) {
      return;
    }
    for (Span span : spans.get(buffer)) {
      int from = Math.max(span.from() - start, 0);
      int to = Math.min(span.to() - start, length);
      for (int i = from; i < to; i++) {
        g[i] += factor * p[i];
      }
    }
  }
}
