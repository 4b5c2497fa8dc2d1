package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Compares the training step with libtorch's. Arguments: the case ({@code S}, {@code M}, {@code
 * S-LORA}, {@code M-LORA}), the number of rounds and, if another build of libtorch than the
 * dependency's is to be compared with, the folder of its libraries.
 */
public final class TrainingPeers {

  private TrainingPeers() {}

  /** Prints the comparison. */
  public static void main(String[] args) throws IOException {
    BenchmarkCase which = BenchmarkCase.parse(args.length > 0 ? args[0] : "S");
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 9;
    new PeerComparison(which.name(), List.of(which.name()), args.length > 2 ? args[2] : "")
        .run(
            EngineContender.class,
            LibtorchContender.class,
            rounds,
            which.lora() ? 0 : which.shape().gigaflop());
  }
}
