package org.alignment4j.runtime;

import static org.alignment4j.api.hook.Edits.zero;
import static org.alignment4j.api.hook.HookPoints.residPost;
import static org.alignment4j.api.hook.HookPoints.z;
import static org.alignment4j.api.hook.Layers.all;
import static org.alignment4j.api.hook.Selectors.head;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.runtime.session.DevicePolicy;

/**
 * Loads a model with its tokenizer, lets it write, score and be looked into, and closes it, again
 * and again, in a process whose heap is of one size. Prints its resident memory, in kilobytes, at
 * every tenth of the way.
 */
final class LoadCycles {

  private static final int TENTHS = 10;
  private static final ModelOptions OPTIONS =
      ModelOptions.defaults().device(DevicePolicy.CPU).threads(1);
  private static final String TEXT = "the cat sat on a";
  private static final Prompt PROMPT = Prompt.text(TEXT);
  private static final List<Intervention<?>> EDITS = List.of(zero(z(all()), head(2)));

  private LoadCycles() {}

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int cycles = Integer.parseInt(args[1]);
    SamplingOptions greedy = SamplingOptions.builder(3).temperature(0).ignoreEos(true).build();
    for (int i = 1; i <= cycles; i++) {
      try (DecoderModel model = DecoderModel.load(folder, OPTIONS)) {
        use(model, greedy);
      }
      if (i % (cycles / TENTHS) == 0) {
        System.gc();
        System.out.println("resident " + residentKilobytes());
      }
    }
    System.exit(0);
  }

  private static void use(DecoderModel model, SamplingOptions greedy) {
    model.generate(PROMPT, greedy);
    model.logProbabilities(List.of(Continuation.of(PROMPT, " mat")));
    model.forward(model.tokenizer().encode(TEXT)).with(EDITS).cache(residPost(1)).execute();
    model.with(EDITS).generate(PROMPT, greedy);
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
