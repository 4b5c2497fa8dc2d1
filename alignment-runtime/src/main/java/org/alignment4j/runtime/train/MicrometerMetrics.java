package org.alignment4j.runtime.train;

import com.google.common.util.concurrent.AtomicDouble;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import org.alignment4j.api.Progress;
import org.alignment4j.api.ProgressListener;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Publishes metrics and progress as gauges of a Micrometer registry, for monitoring that scrapes or
 * is pushed to. Each metric is a gauge of its own name, such as {@code loss}, that has the latest
 * value. Beside them are
 *
 * <ul>
 *   <li>from training, {@code step}: updates made;
 *   <li>from progress, {@code progress.done}, {@code progress.total} (NaN while unknown) and {@code
 *       progress.rate}, units per second.
 * </ul>
 *
 * <p>Gauges have the caller's tags and a tag {@code task}, such as {@code dpo}, unless the caller
 * gave one. They keep their last values after the run, so that the next scrape sees them, until the
 * next run of the task starts or {@link #close}. A gauge of equal name and tags that somebody else
 * left in the registry is replaced, since Micrometer would go on to show the other's: runs at the
 * same time need tags that tell them apart.
 *
 * <p>The one class that needs {@code io.micrometer:micrometer-core}, which is optional: a program
 * that uses this class has it on its class path. Hears the metrics of one run at a time, and the
 * progress of any number of tasks; thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class MicrometerMetrics implements MetricsListener, ProgressListener, AutoCloseable {
  private static final String TASK = "task";

  private record Name(String metric, Tags tags) {}

  private record Published(Meter meter, AtomicDouble value) {}

  private final MeterRegistry registry;
  private final Tags tags;
  private final Map<Name, Published> gauges = new HashMap<>();
  private @Nullable String running;

  private MicrometerMetrics(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
  }

  /**
   * Returns a listener whose gauges have no tag but {@code task}.
   *
   * @param registry where gauges are registered
   * @return the listener
   */
  public static MicrometerMetrics in(MeterRegistry registry) {
    return in(registry, Tags.empty());
  }

  /**
   * Returns a listener whose gauges have tags.
   *
   * @param registry where gauges are registered
   * @param tags of every gauge, such as the model's name
   * @return the listener
   */
  public static MicrometerMetrics in(MeterRegistry registry, Iterable<Tag> tags) {
    return new MicrometerMetrics(registry, Tags.of(tags));
  }

  /** Withdraws what an earlier run of the task left. */
  @Override
  public synchronized void started(String task, long step) {
    Tags own = tags(task);
    gauges
        .entrySet()
        .removeIf(
            entry -> {
              boolean old = entry.getKey().tags().equals(own);
              if (old) {
                registry.remove(entry.getValue().meter());
              }
              return old;
            });
    running = task;
    set("step", own, step);
  }

  /**
   * Publishes the metrics and the step.
   *
   * @throws IllegalStateException before a run has started
   */
  @Override
  public synchronized void updated(Metrics metrics) {
    if (running == null) {
      throw new IllegalStateException("metrics must be published while a run is on");
    }
    Tags own = tags(running);
    metrics.values().forEach((name, value) -> set(name, own, value));
    set("step", own, metrics.step());
  }

  /** Ends the run; its gauges stay. */
  @Override
  public synchronized void ended() {
    running = null;
  }

  /** Publishes how far the task has come, and its metrics. */
  @Override
  public synchronized void onProgress(Progress progress) {
    Tags own = tags(progress.task());
    progress.metrics().forEach((name, value) -> set(name, own, value));
    set("progress.done", own, progress.done());
    set(
        "progress.total",
        own,
        progress.total().isPresent() ? progress.total().getAsLong() : Double.NaN);
    set("progress.rate", own, progress.rate());
  }

  private Tags tags(String task) {
    return Tags.of(TASK, task).and(tags);
  }

  private void set(String name, Tags own, double value) {
    gauges.computeIfAbsent(new Name(name, own), this::register).value().set(value);
  }

  private Published register(Name name) {
    AtomicDouble value = new AtomicDouble(Double.NaN);
    // The registry gives the gauge it has, if there is one, and would ignore this value.
    registry.removeByPreFilterId(
        new Meter.Id(name.metric(), name.tags(), null, null, Meter.Type.GAUGE));
    Gauge gauge = Gauge.builder(name.metric(), value::get).tags(name.tags()).register(registry);
    return new Published(gauge, value);
  }

  /** Withdraws every gauge this listener has published; again does nothing. */
  @Override
  public synchronized void close() {
    gauges.values().forEach(published -> registry.remove(published.meter()));
    gauges.clear();
  }
}
