package org.alignment4j.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessThreadsTest {

  @Test
  void anotherNumberIsWarnedOfOnce() {
    ProcessThreads threads = new ProcessThreads();
    threads.created(8);
    assertThat(threads.warningFor(8)).isEmpty();
    assertThat(threads.warningFor(3))
        .hasValueSatisfying(
            text -> assertThat(text).contains("3 were asked for but the first runtime has 8"));
    assertThat(threads.warningFor(4)).isEmpty();
  }

  @Test
  void anEnvironmentOfSomebodyElseIsNamedAsSuch() {
    assertThat(new ProcessThreads().warningFor(2))
        .hasValueSatisfying(text -> assertThat(text).contains("2 were asked for", "outside"));
  }
}
