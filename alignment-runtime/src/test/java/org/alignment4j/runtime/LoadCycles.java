package org.alignment4j.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Loads a model, runs it and closes it, again and again, in a process whose heap is of one size.
 * Prints its resident memory, in kilobytes, at every tenth of the way.
 */
final class LoadCycles {

  private static final int TENTHS = 10;

  private LoadCycles() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int cycles = Integer.parseInt(args[1]);
    ModelOptions options = ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);
    SamplingOptions greedy = SamplingOptions.builder(3).temperature(0).ignoreEos(true).build();
    for (int i = 1; i <= cycles; i++) {
      try (DecoderModel model = DecoderModel.load(folder, options)) {
        TestModels.logProb(model, 9);
        model.generate(List.of(Prompt.tokens(5, 6, 7)), greedy);
      }
      if (i % (cycles / TENTHS) == 0) {
        System.gc();
        System.out.println("resident " + residentKilobytes());
      }
    }
    System.exit(0);
  }

  private static long residentKilobytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("no VmRSS");
  }
}
