package org.alignment4j.runtime.train;

import java.util.List;

/** Several listeners as one. */
record MetricsListeners(List<MetricsListener> listeners) implements MetricsListener {

  @Override
  public void started(String task, long step) {
    listeners.forEach(listener -> listener.started(task, step));
  }

  @Override
  public void updated(Metrics metrics) {
    listeners.forEach(listener -> listener.updated(metrics));
  }

  @Override
  public void ended() {
    listeners.forEach(MetricsListener::ended);
  }
}
