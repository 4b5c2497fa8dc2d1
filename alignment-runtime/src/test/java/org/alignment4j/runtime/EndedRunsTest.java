package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may exit in the middle of runs: native threads are not taken from under them. */
class EndedRunsTest {

  @TempDir Path folder;

  private void exits(int times) throws Exception {
    for (int i = 0; i < times; i++) {
      Path output = folder.resolve("output.txt");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx256m",
                  "-XX:ErrorFile=" + folder.resolve("crash.log"),
                  "-classpath",
                  System.getProperty("java.class.path"),
                  EndedRuns.class.getName(),
                  Integer.toString(i * 7 % 100))
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor()).as(Files.readString(output)).isZero();
    }
  }

  @Test
  void anExitDuringRunsIsClean() throws Exception {
    exits(2);
  }

  @Tag("slow")
  @Test
  void manyExitsDuringRunsAreClean() throws Exception {
    exits(100);
  }
}
