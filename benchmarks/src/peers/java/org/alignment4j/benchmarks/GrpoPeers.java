package org.alignment4j.benchmarks;

import java.io.IOException;

/**
 * Compares an iteration of GRPO with one in the way of common trainers on libtorch. Arguments are
 * those of {@link GrpoBenchmark} and, after all six and if another build of libtorch than the
 * dependency's is to be compared with, the folder of its libraries.
 */
public final class GrpoPeers {

  private static final int ARGUMENTS = 6;

  private GrpoPeers() {}

  /** Prints what {@link GrpoBenchmark#main} does, of libtorch. */
  public static void main(String[] args) throws IOException {
    GrpoCase which = GrpoBenchmark.which(args);
    LibtorchLibraries libraries =
        new LibtorchLibraries(args.length > ARGUMENTS ? args[ARGUMENTS] : "");
    try (GrpoProcess ours = GrpoBenchmark.ours(which);
        GrpoProcess libtorch =
            new GrpoProcess(
                LibtorchGrpoContender.class, which, libraries.options(), libraries.environment())) {
      new GrpoComparison(which, GrpoBenchmark.rounds(args)).run(ours, libtorch);
    }
  }
}
