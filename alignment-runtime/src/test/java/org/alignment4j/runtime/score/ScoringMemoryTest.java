package org.alignment4j.runtime.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class ScoringMemoryTest {

  @Test
  void oneCallAtATimeGetsWhatWasLeft() {
    ScoringMemory memory = new ScoringMemory();
    FloatBuffer first = memory.take(10);
    memory.leave(first);
    assertThat(memory.take(7)).isSameAs(first);
    assertThat(memory.take(7)).isNotSameAs(first);
    memory.leave(first);
    assertThat(memory.take(11).capacity()).isGreaterThanOrEqualTo(11);
  }
}
