package org.alignment4j.benchmarks;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Compares preference training with a step in the way of common trainers on libtorch. Arguments:
 * {@code reference} or {@code cached}, a file of preference pairs, the folder of a tokenizer, the
 * number of rounds and, if another build of libtorch than the dependency's is to be compared with,
 * the folder of its libraries.
 */
public final class PreferencePeers {

  private static final int CASE_ARGUMENTS = 3;

  private PreferencePeers() {}

  /** Prints the comparison. */
  public static void main(String[] args) throws IOException {
    PreferenceCase which = PreferenceCase.parse(args);
    List<String> arguments = Arrays.asList(args).subList(0, CASE_ARGUMENTS);
    int rounds = args.length > CASE_ARGUMENTS ? Integer.parseInt(args[CASE_ARGUMENTS]) : 9;
    String libraries = args.length > CASE_ARGUMENTS + 1 ? args[CASE_ARGUMENTS + 1] : "";
    new PeerComparison(which.shape().name() + ", " + args[0], arguments, libraries)
        .run(EnginePreferenceContender.class, LibtorchPreferenceContender.class, rounds, 0);
  }
}
